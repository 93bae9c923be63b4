import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tmdb_assets.transforms.upload_keys import partition_key, upload_path

INVALID = ["...", "\a", "\b", "\f", "\n", "\r", "\t", "\v", "\0"]
"""Dagster's INVALID_PARTITION_SUBSTRINGS, of dagster/_core/definitions/partitions/utils/base.py."""

paths = st.text(st.characters() | st.sampled_from("%.,/2CuD\t\n\udc80"), max_size=30)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("letterboxd-watched.csv", "letterboxd-watched.csv"),
        ("anna/films of 2019.csv", "anna/films of 2019.csv"),
        ("Кино/Любимые фильмы.csv", "Кино/Любимые фильмы.csv"),
        ("Amélie & co (été).csv", "Amélie & co (été).csv"),
        ("one,two.csv", "one%2Ctwo.csv"),
        ("100%.csv", "100%25.csv"),
        ("wait....csv", "wait..%2E%2Ecsv"),
        ("wait..csv", "wait..csv"),
        ("a\tb\n.csv", "a%09b%0A.csv"),
        ("na\udcefve.csv", "na%uDCEFve.csv"),
    ],
)
def test_a_key_reads_like_the_path(path: str, key: str) -> None:
    assert partition_key(path) == key


@given(paths)
@example("%2C")
@example("a%u002Cb,c")
@example("......")
def test_a_key_leads_back_to_its_path(path: str) -> None:
    assert upload_path(partition_key(path)) == path


@given(paths, paths)
@example("a,b", "a%2Cb")
@example("...", "..%2E")
def test_different_paths_have_different_keys(one: str, other: str) -> None:
    assert (partition_key(one) == partition_key(other)) is (one == other)


@given(paths)
def test_dagster_takes_every_key(path: str) -> None:
    key = partition_key(path)

    assert not [part for part in [*INVALID, ","] if part in key]
    assert key.encode().decode() == key
