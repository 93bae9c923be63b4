"""A folder of recordings, whatever is wrong with it: a sentence for the folder, or an entry for the file."""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tmdb_assets.tmdb.recordings.manifest import RecordingsError
from tmdb_assets.tmdb.recordings.report import FailedRecording, UnknownField, UnknownValue, check_recordings

FILM = {"id": 550, "title": "Fight Club"}
REFUSAL = {"success": False, "status_code": 34, "status_message": "The resource could not be found."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "recordings").mkdir()
    return tmp_path / "recordings"


def record(folder: Path, *rows: tuple[str, str, str], **files: object) -> None:
    """Write the files ``name.json``, and a manifest of rows ``file, endpoint, http_status``."""
    for name, value in files.items():
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        (folder / f"{name}.json").write_bytes(body)
    with (folder / "manifest.csv").open("w", newline="") as manifest:
        csv.writer(manifest).writerows([("file", "endpoint", "http_status"), *rows])


def test_each_file_is_decoded_skipped_or_failed(folder: Path) -> None:
    record(
        folder,
        ("film.json", "/3/movie/550", "200"),
        ("series.json", "/3/tv/1396", "200"),
        ("odd.json", "/3/movie/551", "200"),
        film=FILM,
        series={"id": 1396},
        odd={"id": 551, "genres": [{"id": 18}, {"id": "x"}]},
    )

    report = check_recordings(folder)

    assert (report.files, report.decoded, report.skipped) == (3, 1, 1)
    assert report.failed == [
        FailedRecording(
            file="odd.json",
            endpoint="/3/movie/551",
            where="$.genres[1].id",
            why="Expected `int`, got `str`",
        )
    ]


def test_what_is_unknown_is_told_once_for_all_files(folder: Path) -> None:
    new = {"mood": "dark", "status": "Postponed", "genres": [{"id": 1, "hue": 0}, {"id": 2, "hue": 1}]}
    record(
        folder,
        *((f"{name}.json", f"/3/movie/{number}", "200") for number, name in enumerate("abc")),
        a=FILM | new,
        b=FILM | new,
        c=FILM,
    )

    report = check_recordings(folder)

    where = {"file": "a.json", "endpoint": "/movie/{movie_id}", "files": 2}
    assert report.decoded == 3
    assert report.unknown_fields == [
        UnknownField(**where, field="$.mood"),
        UnknownField(**where, field="$.genres[].hue"),
    ]
    assert report.unknown_values == [UnknownValue(**where, field="$.status", value="Postponed")]


@pytest.mark.parametrize(
    ("row", "body", "decoded"),
    [
        (("a.json", "/3/movie/1", "404"), REFUSAL, 1),
        (("a.json", "/3/collection/1", "404"), REFUSAL, 1),
        (("a.json", "(error)", "422"), {"errors": ["page must be less than or equal to 500"]}, 1),
        (("a.json", "(error)", "429"), {"status_code": 25, "status_message": "Slow down."}, 1),
        (("a.json", "/3/movie/1", "200"), REFUSAL, 1),
        (("a.json", "/3/movie/1/credits", "200"), REFUSAL, 1),
        (("a.json", "/3/movie/1", "502"), b"<html>Bad gateway</html>", 0),
        (("a.json", "/3/movie/1", "404"), {}, 0),
    ],
)
def test_an_error_body_is_read_as_the_error(
    folder: Path, row: tuple[str, str, str], body: object, decoded: int
) -> None:
    record(folder, row, a=body)

    report = check_recordings(folder)

    assert (report.decoded, len(report.failed), report.skipped) == (decoded, 1 - decoded, 0)


def test_a_folder_named_after_an_error_stands_for_its_status(folder: Path) -> None:
    (folder / "errors-404").mkdir()
    record(folder, ("errors-404/a.json", "/3/collection/1", ""))
    (folder / "errors-404" / "a.json").write_text(json.dumps(REFUSAL))

    assert check_recordings(folder).decoded == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b'{"id":550', "damaged"),
        (b"<html></html>", "HTML"),
        (b'{"id":550,"title":"\xff"}', "damaged"),
        ('{"id":550}'.encode("utf-16"), "damaged"),
        (b'{"id":550,"mood":' + b"[" * 100_000, "damaged"),
        (b'{"id":550,"mood":' + b"9" * 5000 + b"}", "cannot be listed"),
        (b"[]", "Expected `object`"),
    ],
)
def test_a_file_that_is_no_answer_is_an_entry(folder: Path, body: bytes, why: str) -> None:
    record(folder, ("a.json", "/3/movie/550", "200"), a=body)

    (failed,) = check_recordings(folder).failed

    assert (failed.file, failed.endpoint) == ("a.json", "/3/movie/550")
    assert why in failed.why


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("none.json", "no such file"),
        ("a", "no file"),
        ("../outside.json", "outside"),
        ("/etc/hostname", "outside"),
        ("a\0b.json", "cannot be read"),
        ("a" * 5000, "cannot be read"),
        ("", "names no file"),
        ("circle.json", "cannot be read"),
        ("pipe.json", "no file"),
        ("large.json", "larger than 50 MB"),
    ],
)
def test_a_file_that_cannot_be_had_is_an_entry(folder: Path, file: str, why: str) -> None:
    (folder / "a").mkdir()
    (folder / "circle.json").symlink_to(folder / "circle.json")
    os.mkfifo(folder / "pipe.json")
    with (folder / "large.json").open("wb") as large:
        large.truncate(2_000_000_000)
    (folder.parent / "outside.json").write_text("{}")
    record(folder, (file, "/3/movie/550", "200"))

    (failed,) = check_recordings(folder).failed

    assert why in failed.why


def test_a_byte_order_mark_in_manifest_and_file_does_not_matter(folder: Path) -> None:
    record(folder, ("a.json", "/3/movie/550", "200"), a=b'\xef\xbb\xbf{"id":550,"mood":1}')
    manifest = folder / "manifest.csv"
    manifest.write_bytes(b"\xef\xbb\xbf" + manifest.read_bytes())

    report = check_recordings(folder)

    assert (report.decoded, [each.field for each in report.unknown_fields]) == (1, ["$.mood"])


def test_a_torn_last_line_is_an_entry(folder: Path) -> None:
    record(folder, ("a.json", "/3/movie/550", "200"), ("a.json", "/3/movie/550", "200"), a=FILM)
    manifest = folder / "manifest.csv"
    manifest.write_bytes(manifest.read_bytes()[: -len("/550,200\r\n")])

    report = check_recordings(folder)

    assert report.decoded == 1
    assert [(each.file, each.where) for each in report.failed] == [("a.json", "line 3 of manifest.csv")]


def _absent(folder: Path) -> None:
    folder.rmdir()


def _nothing(_: Path) -> None:
    pass


def _a_folder(folder: Path) -> None:
    (folder / "manifest.csv").mkdir()


def _a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "manifest.csv")


def _written(content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / "manifest.csv").write_bytes(content) and None


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_absent, "No such file"),
        (_nothing, "No such file"),
        (_a_folder, "Is a directory"),
        (_a_pipe, "no file"),
        (_written(b""), "lacks the column"),
        (_written(b"file;endpoint;http_status\na.json;/3/movie/1;200\n"), "separated by commas"),
        (_written(b"file,endpoint\na.json,/3/movie/1\n"), "http_status"),
        (_written("file,endpoint,http_status\n".encode("utf-16")), "UTF-8"),
        (_written(b"file,endpoint,http_status\n\xe9.json,/3/movie/1,200\n"), "UTF-8"),
        (_written(b'file,endpoint,http_status\n"a.json,/3/movie/1,200\n'), "after line 1"),
        (_written(b"file,endpoint,http_status\n" + b"a" * 200_000), "field larger"),
    ],
)
def test_a_folder_that_cannot_be_checked_is_one_sentence(
    folder: Path, damage: Callable[[Path], None], says: str
) -> None:
    damage(folder)

    with pytest.raises(RecordingsError, match=says) as raised:
        check_recordings(folder)

    assert str(folder / "manifest.csv") in str(raised.value)


def test_a_report_is_plain_json(folder: Path) -> None:
    record(folder, ("a.json", "/3/movie/550", "200"), a=FILM | {"status": {"odd": [1]}, "videos": {}})

    report = json.loads(msgspec.json.encode(check_recordings(folder)))

    assert set(report) == {"files", "decoded", "skipped", "failed", "unknown_fields", "unknown_values"}
    assert set(report["failed"][0]) == {"file", "endpoint", "where", "why"}
