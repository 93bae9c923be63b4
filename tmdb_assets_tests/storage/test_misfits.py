import pytest

from tmdb_assets.storage.misfits import misfit_in_words

SAID = {
    "Expected `int`, got `str` - at `$.runtime`": "its runtime is not a whole number",
    "Object missing required field `tmdb_id`": "its tmdb_id is missing",
    "Invalid RFC3339 encoded datetime - at `$.answered_at`": (
        "its answered_at is no moment, such as 2026-01-31T12:00:00Z"
    ),
    "Invalid RFC3339 encoded date - at `$.release_date`": "its release_date is no date, such as 2026-01-31",
    "Expected `array`, got `object` - at `$.genres[0].name`": "its genres[0].name is not a list",
    "Expected `int` >= 1 - at `$.id`": "its id does not fit",
}


@pytest.mark.parametrize(("said", "words"), SAID.items())
def test_what_is_wrong_is_told_in_words_of_the_file(said: str, words: str) -> None:
    assert misfit_in_words(said) == words
