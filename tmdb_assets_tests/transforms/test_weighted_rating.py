import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.transforms.curation import PRIOR_MEAN, PRIOR_VOTES, weighted_rating

SCHEMA = {
    "vote_average": pl.Float64,
    "vote_count": pl.Int64,
    "rating_sum": pl.Float64,
    "rating_count": pl.Int64,
}


def ratings(*films: tuple[float | None, ...]) -> list[float]:
    frame = pl.DataFrame([(*film, None, None)[:4] for film in films], schema=SCHEMA, orient="row")
    return frame.select(weighted_rating()).to_series().to_list()


def test_a_single_ten_does_not_lead() -> None:
    one_vote, well_liked = ratings((10.0, 1), (7.5, 2_000))

    assert one_vote < well_liked


@pytest.mark.parametrize("unvoted", [(0.0, 0), (None, None), (0.0, None)])
def test_a_film_without_votes_has_the_prior(unvoted: tuple[float | None, int | None]) -> None:
    assert ratings(unvoted) == [PRIOR_MEAN]


def test_each_rating_of_a_list_is_a_vote() -> None:
    [rating] = ratings((8.0, 100, 19.0, 2))

    assert rating == pytest.approx((PRIOR_MEAN * PRIOR_VOTES + 800 + 19) / (PRIOR_VOTES + 102))


@given(st.floats(0, 10), st.integers(0, 10**7))
def test_a_rating_lies_between_the_votes_and_the_prior(average: float, votes: int) -> None:
    [rating] = ratings((average, votes))

    assert min(average, PRIOR_MEAN) - 1e-9 <= rating <= max(average, PRIOR_MEAN) + 1e-9


@given(st.floats(PRIOR_MEAN + 0.01, 10), st.integers(0, 10**6), st.integers(1, 10**6))
def test_more_votes_for_a_good_film_raise_it(average: float, votes: int, more: int) -> None:
    fewer_votes, more_votes = ratings((average, votes), (average, votes + more))

    assert fewer_votes < more_votes
