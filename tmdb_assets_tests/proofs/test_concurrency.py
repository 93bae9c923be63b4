from pathlib import Path

from tmdb_assets_tests.proofs.concurrency import runs_together

BUDGET = 20


def test_four_runs_over_overlapping_years_share_all_and_stop_no_reader(tmp_path: Path) -> None:
    years = ["2009-2011", "2010-2012", "2011-2013", "2009-2013"]

    found = runs_together(
        tmp_path, years, "2009-2013", "--min-votes", "0", requests_per_second=BUDGET, films=2000
    )

    assert found.returncodes == [0, 0, 0, 0], found.says
    assert found.tables == found.alone
    assert found.reader_errors == []
    assert not found.has_lock_error
    assert found.film_counts == sorted(found.film_counts)  # never an older one over a newer
    assert len(found.film_counts) > 1
    assert found.asked_twice == 0
    assert found.peak_per_second <= BUDGET + 2
