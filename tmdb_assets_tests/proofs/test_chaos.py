from pathlib import Path

from tmdb_assets_tests.proofs.chaos import SHARES, faults, run


def test_one_wrong_answer_in_five_leaves_the_same_tables(films_file: Path, tmp_path: Path) -> None:
    years = ("--years", "2009-2010")
    calm = run(tmp_path / "calm", *years, films_file=films_file)

    wild = run(tmp_path / "wild", *years, films_file=films_file, faults=faults(bursts=((100, 10),)), seed=1)

    assert wild.returncode == 0, wild.says
    assert wild.faulty_share > 0.18
    assert len(wild.faults) == len(SHARES) - 1
    assert wild.tables == calm.tables
    assert wild.stats["repeated_details"] == 0
