"""``tmdb-assets doctor``: verify journal, lake, snapshot and state against each other, and mend."""

from functools import partial

import click
import msgspec

from tmdb_assets.commands.failures import WRONG_INPUT, RunFailedError
from tmdb_assets.resources.progress_lines import terminal_progress
from tmdb_assets.settings import Settings
from tmdb_assets.sync.doctor import Finding, check_up, is_empty

_STDERR = 2


def doctor(*, dry_run: bool, as_json: bool) -> None:
    """Print what is wrong, a sentence each, and what was done about it.

    Raises
    ------
    RunFailedError
        Something stays, or there is nothing.
    """
    settings = Settings.load()
    if is_empty(settings):
        raise RunFailedError(
            f"{settings.data} holds nothing to look at: `tmdb-assets run` fetches films.",
            exit_code=WRONG_INPUT,
        )
    findings = check_up(settings, mends=not dry_run, watch=partial(terminal_progress, _STDERR))
    click.echo(msgspec.json.encode({"findings": findings}).decode() if as_json else _as_text(findings))
    if stays := sum(not finding.is_mended for finding in findings):
        mends = "; without --dry-run, what can be mended is" if dry_run else ""
        raise RunFailedError(f"{stays} of {len(findings)} findings stay{mends}.", exit_code=1)


def _as_text(findings: list[Finding]) -> str:
    if not findings:
        return "All is well: journal, lake, snapshot and state agree."
    return "\n".join(f"{finding.part}: {finding.what} {finding.then}" for finding in findings)
