import pytest

from tmdb_assets.resources.progress_lines import plan_sentence


@pytest.mark.parametrize(
    ("due", "total", "sentence"),
    [
        (
            345,
            412,
            "movie_details: 345 of 412 films to ask for, about 9 s at 37 requests a second; 67 films fresh",
        ),
        (7200, 7200, "movie_details: 7,200 films to ask for, about 3.2 min at 37 requests a second"),
        (1, 1, "movie_details: 1 film to ask for, about 0 s at 37 requests a second"),
        (0, 412, "movie_details: nothing to ask for, 412 films fresh"),
        (0, 0, "movie_details: nothing to ask for"),
    ],
)
def test_a_plan_is_said_in_plain_words(due: int, total: int, sentence: str) -> None:
    said = plan_sentence("movie_details", "films", due, total, pace=37.24, one_request_each=True)

    assert said == sentence


def test_how_long_lists_take_is_not_promised() -> None:
    said = plan_sentence("discovered_movies", "years", 8, 12, pace=37.24, one_request_each=False)

    assert said == "discovered_movies: 8 of 12 years to ask for, at 37 requests a second; 4 years fresh"
