"""``tmdb-assets check-recordings``: what the client's models make of recorded answers."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from tmdb_assets.commands.failures import FAILED
from tmdb_assets.settings import SettingsError
from tmdb_assets.tmdb.recordings.manifest import RecordingsError
from tmdb_assets.tmdb.recordings.report import RecordingsReport
from tmdb_assets.tmdb.recordings.report import check_recordings as checked


def check_recordings(folder: Path, *, as_json: bool) -> None:
    """Check a folder, and print a report for people or one JSON object; exit with 1 when a file failed.

    Raises
    ------
    SettingsError
        The folder is not one of recorded answers.
    """
    try:
        report = checked(folder)
    except RecordingsError as error:
        raise SettingsError(str(error)) from None
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        _show(report)
    if report.failed:
        sys.exit(FAILED)


def _show(report: RecordingsReport) -> None:
    click.echo(f"{report.files:>6,} files")
    click.echo(f"{report.decoded:>6,} decoded")
    click.echo(f"{report.skipped:>6,} skipped: the client does not have these operations")
    click.echo(f"{len(report.failed):>6,} failed")
    _table("Failed", ["file", "where", "why"], [[each.file, each.where, each.why] for each in report.failed])
    _table(
        "Fields that the models lack",
        ["field", "endpoint", "files", "such as"],
        [[each.field, each.endpoint, str(each.files), each.file] for each in report.unknown_fields],
    )
    _table(
        "Values that are new",
        ["value", "field", "endpoint", "files", "such as"],
        [
            [_json(each.value), each.field, each.endpoint, str(each.files), each.file]
            for each in report.unknown_values
        ],
    )
    if not (report.failed or report.unknown_fields or report.unknown_values):
        click.echo("\nNothing in them is unknown to the models.")


def _table(title: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    lines = [names, *([_printable(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    click.secho(f"\n{title}", bold=True)
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _printable(text: str) -> str:
    """Return a text that cannot steer the terminal: names of files and fields are anybody's."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
