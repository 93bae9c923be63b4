"""Films over simulated time, as the tables have them: whatever happens at TMDB, whenever a run is killed."""

from hypothesis import settings

from tmdb_assets_tests.sync.films_over_time import YEARS, Films

TestFilms = Films.TestCase
if settings.get_current_profile_name() == "short":
    TestFilms.settings = settings(max_examples=6, stateful_step_count=9, derandomize=True)
else:
    TestFilms.settings = settings(max_examples=40, stateful_step_count=25)


def test_what_a_killed_run_and_the_second_look_after_it_found_both_count() -> None:
    """A sequence that the model found: the rebuild was right, for both answers are in the journal."""
    films = Films()
    films.begin(["2026-02-28", "2000-02-29", "1999-01-01"])
    films.have_some(2184, (1999, 2000), 2, reads=True, lists=False, marked_only=False)
    films.have_all(13, happenings=[(5, "come", "2026-02-28")], reads=True, lists=True)
    films.have_all(13, happenings=[(5, "go", "2026-02-28")], reads=False, lists=False)
    films.have_all(384, reads=False, lists=True)
    films.have_some(13, YEARS, 1, reads=True, lists=False, marked_only=True)
    films.have_all(8, reads=True, lists=True)
    films.have_all(2184, happenings=[(4, "come", "1999-12-31")], reads=True, lists=True)
    films.happen(2, "change", "2000-02-29")

    films.teardown()

    assert films.looks[5][-1].film is None
