from pathlib import Path

from tmdb_assets.transforms.shares import dealt


def test_whole_files_are_dealt_evenly() -> None:
    sizes = {Path("a"): 10, Path("b"): 9, Path("c"): 11, Path("d"): 10}

    assert dealt(sizes, 2) == [[Path("c"), Path("b")], [Path("a"), Path("d")]]


def test_one_file_is_not_dealt_to_two() -> None:
    assert dealt({Path("a"): 10, Path("b"): 1}, 2) is None
