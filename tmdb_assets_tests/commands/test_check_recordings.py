import json
from pathlib import Path

from tmdb_assets_tests.commands.running import environment, finished

MANIFEST = "file,endpoint,params,http_status\n"


def recorded(folder: Path, *rows: str, **files: str) -> Path:
    for name, body in files.items():
        (folder / f"{name}.json").write_text(body)
    (folder / "manifest.csv").write_text(MANIFEST + "".join(f"{row}\n" for row in rows))
    return folder


def test_json_is_one_object_and_a_failure_is_exit_code_1(tmp_path: Path) -> None:
    recorded(
        tmp_path,
        "a.json,/3/movie/550,,200",
        "b.json,/3/movie/551,,200",
        "c.json,/3/tv/1,,200",
        a='{"id":550,"mood":1}',
        b='{"id":"x"}',
        c="{}",
    )

    done = finished("check-recordings", str(tmp_path), "--json", env=environment(None, tmp_path / "data"))

    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout) == {
        "files": 3,
        "decoded": 1,
        "skipped": 1,
        "failed": [
            {
                "file": "b.json",
                "endpoint": "/3/movie/551",
                "where": "$.id",
                "why": "Expected `int`, got `str`",
            }
        ],
        "unknown_fields": [
            {"file": "a.json", "endpoint": "/movie/{movie_id}", "field": "$.mood", "files": 1}
        ],
        "unknown_values": [],
    }


def test_the_report_for_people_has_the_counts_first_and_every_finding(tmp_path: Path) -> None:
    recorded(
        tmp_path,
        "a.json,/3/movie/550,,200",
        "no\x1b[31mne.json,/3/movie/551,,200",
        a='{"id":550,"mood":1,"status":"Postponed"}',
    )

    done = finished("check-recordings", str(tmp_path), env=environment(None, tmp_path / "data"))

    assert done.stdout.split()[:4] == ["2", "files", "1", "decoded"]
    assert all(word in done.stdout for word in ("$.mood", '"Postponed"', "$.status", "no such file"))
    assert "\x1b" not in done.stdout


def test_nothing_to_report_is_exit_code_0_also_where_fields_are_new(tmp_path: Path) -> None:
    recorded(tmp_path, "a.json,/3/movie/550,,200", a='{"id":550,"mood":1}')

    done = finished("check-recordings", str(tmp_path), env=environment(None, tmp_path / "data"))

    assert done.returncode == 0


def test_a_folder_without_manifest_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    done = finished("check-recordings", str(tmp_path), "--json", env=environment(None, tmp_path / "data"))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "manifest.csv" in done.stderr
