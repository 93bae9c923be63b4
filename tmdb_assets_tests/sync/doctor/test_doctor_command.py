"""``tmdb-assets doctor`` as people and scripts call it."""

import json
import re
from pathlib import Path

from tmdb_assets_tests.commands.running import environment, finished, tables


def test_without_findings_it_says_so_and_the_exit_code_is_0(data: Path) -> None:
    done = finished("doctor", env=environment(None, data))

    assert (done.returncode, done.stdout) == (
        0,
        "All is well: journal, lake, snapshot and state agree.\n",
    )


def test_what_it_mends_is_a_sentence_each_and_the_exit_code_is_0(data: Path) -> None:
    before = tables(data)
    (data / "warehouse.duckdb").unlink()

    done = finished("doctor", env=environment(None, data))

    assert done.returncode == 0
    assert done.stdout == f"snapshot: There is no {data / 'warehouse.duckdb'}. It was published again.\n"
    assert tables(data) == before


def test_in_a_pipe_it_says_what_is_looked_at_in_its_units(data: Path) -> None:
    (data / "warehouse.duckdb").unlink()

    done = finished("doctor", env=environment(None, data))

    lines = [re.sub(r"[\d,]+", "N", line) for line in done.stderr.splitlines()]
    assert lines == [
        "journal: N segment in N s",
        "lake: N tables in N s",
        "sealing: N segment in N s",
        "journal again: N segment in N s",
        "lake again: N tables in N s",
    ]


def test_a_dry_run_says_what_would_be_done_and_the_exit_code_is_1(data: Path) -> None:
    (data / "warehouse.duckdb").unlink()

    done = finished("doctor", "--dry-run", env=environment(None, data))

    assert done.returncode == 1
    assert "It would be published again." in done.stdout
    assert done.stderr.endswith(
        "tmdb-assets: 1 of 1 findings stay; without --dry-run, what can be mended is.\n"
    )
    assert not (data / "warehouse.duckdb").exists()


def test_a_script_reads_what_stays_from_one_object(data: Path) -> None:
    (data / "origin.json").unlink()
    (data / "warehouse.duckdb").unlink()

    done = finished("doctor", "--json", env=environment(None, data))

    findings = {one["part"]: one["is_mended"] for one in json.loads(done.stdout)["findings"]}
    assert (done.returncode, findings) == (1, {"origin": False, "snapshot": True})
    assert "Traceback" not in done.stderr
