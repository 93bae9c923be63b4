"""The command line: what each command is called and takes. What it does is imported when it is asked for."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import click

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT)
@click.version_option(package_name="tmdb-assets")
def cli() -> None:
    """Keep a warehouse of films from TMDB.

    Settings come from the environment and .env: TMDB_API_KEY, TMDB_ASSETS_DATA and others; see .env.example.
    Without a key, `run` works with fictional films from a TMDB of its own.
    """
    from tmdb_assets.commands.logs import show_logs

    show_logs()


@cli.command()
@click.option(
    "--years", metavar="YEARS", help="Release years, as 2015-2026 or 2015; by default the last ten."
)
@click.option(
    "--min-votes",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="List films from this many votes on; films with a theme's keyword always.",
)
@click.option("--refresh", is_flag=True, help="Ask TMDB also for what is fresh.")
@click.option("--no-fake", is_flag=True, help="Fail without TMDB_API_KEY, rather than use fictional films.")
@click.option("--dry-run", is_flag=True, help="Say how many requests it would take, and how long.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def run(
    *, years: str | None, min_votes: int, refresh: bool, no_fake: bool, dry_run: bool, as_json: bool
) -> None:
    """Bring all tables up to date for some release years, and publish them.

    What is fresh costs no request; what a killed run had got is used.
    """
    from tmdb_assets.commands.options import RunOptions
    from tmdb_assets.commands.run import run as run_graph

    run_graph(
        RunOptions(
            years=years,
            min_votes=min_votes,
            refresh=refresh,
            allow_fake=not no_fake,
            dry_run=dry_run,
            as_json=as_json,
        )
    )


@cli.command()
@click.option("--limit", type=click.IntRange(min=0), help="Ask again for so many known films at most.")
@click.option("--dry-run", is_flag=True, help="Say how many films are due and why, and how long they take.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def refresh(*, limit: int | None, dry_run: bool, as_json: bool) -> None:
    """Bring what is stored up to date: read TMDB's changes, ask for the films that are due, publish.

    Due is what TMDB says has changed, what is too old, and what could not be had before; nothing else is
    asked for. New films come with `run`.
    """
    from tmdb_assets.commands.refresh import refresh as bring_up_to_date

    bring_up_to_date(limit=limit, dry_run=dry_run, as_json=as_json)


@cli.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="Of Dagster's pages."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where Dagster's pages are served.")
@click.option("--no-fake", is_flag=True, help="Fail without TMDB_API_KEY, rather than use fictional films.")
def dev(*, port: int, host: str, no_fake: bool) -> None:
    """Run Dagster, its pages and its daemon: by hand, by schedule, and for files that are dropped.

    Without a key it starts a TMDB of its own. Ctrl-C ends all of it.
    """
    from tmdb_assets.commands.dev import dev as run_all

    run_all(port=port, host=host, allow_fake=not no_fake)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(*, as_json: bool) -> None:
    """Say how fresh the tables are, which films failed, and how many requests were spent."""
    from tmdb_assets.commands.status import status as show_status

    show_status(as_json=as_json)


@cli.command()
@click.option("--dry-run", is_flag=True, help="Say what is wrong, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(*, dry_run: bool, as_json: bool) -> None:
    """Hold journal, tables, snapshot and state against each other, and mend what can be mended.

    It asks TMDB for nothing, and other commands may run meanwhile. Exit code 1 when anything stays.
    """
    from tmdb_assets.commands.doctor import doctor as examine

    examine(dry_run=dry_run, as_json=as_json)


@cli.command()
@click.argument("query")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a row.")
def sql(query: str, *, as_json: bool) -> None:
    """Run a query on the published tables, such as "FROM movies LIMIT 5"."""
    from tmdb_assets.commands.sql import sql as run_query

    run_query(query, as_json=as_json)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rebuild(*, as_json: bool) -> None:
    """Make all tables again from the journal, without a request.

    Whatever state the lake is in; the same command goes on with what a killed one has left.
    """
    from tmdb_assets.commands.rebuild import rebuild as make_tables

    make_tables(as_json=as_json)


@cli.group()
def fetch() -> None:
    """Fetch answers of TMDB into a folder of files."""


@fetch.command("movie")
@click.argument("tmdb_ids", metavar="[ID]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--ids", type=click.File(), metavar="FILE", help="A file of ids, or - for standard input.")
@click.option("--to", type=click.Path(path_type=Path), metavar="DIR", required=True, help="Into this folder.")
@click.option("--refresh", is_flag=True, help="Ask TMDB also for what is fresh.")
@click.option("--no-fake", is_flag=True, help="Fail without TMDB_API_KEY, rather than use fictional films.")
def fetch_movie(*, tmdb_ids: tuple[int, ...], ids: Any, to: Path, refresh: bool, no_fake: bool) -> None:  # noqa: ANN401 -- click's file
    """Fetch films into DIR/pending, a file each, for `tmdb-assets import` on any machine.

    What DIR has and is fresh is not asked for again, so the same command goes on after a stop.
    """
    from tmdb_assets.commands.local_films import fetch as fetch_films

    fetch_films(tmdb_ids, ids=ids, to=to, refresh=refresh, allow_fake=not no_fake)


@cli.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_(*, folder: Path, as_json: bool) -> None:
    """Import the films in DIR/pending, or in DIR itself: files of `fetch`, or TMDB's answers as they came.

    A file that is stored goes to DIR/imported. One that is no film's answer is named and stays, and the rest
    goes on; exit code 1 then. An older answer than the table's changes nothing.
    """
    from tmdb_assets.commands.local_films import import_folder

    import_folder(folder, as_json=as_json)


@cli.command()
@click.argument("tmdb_ids", metavar="ID...", nargs=-1, required=True, type=click.IntRange(min=1))
def delete(*, tmdb_ids: tuple[int, ...]) -> None:
    """Remove films everywhere, until they are imported again."""
    from tmdb_assets.commands.local_films import delete as delete_films

    delete_films(tmdb_ids)


@cli.command("check-recordings")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_recordings(*, folder: Path, as_json: bool) -> None:
    """Read a folder of recorded answers with the client's models, to see where TMDB has moved.

    DIR/manifest.csv lists the files: file, endpoint (such as /3/movie/550/credits) and http_status. The JSON
    object has the counts files, decoded and skipped (answers of operations that the client lacks); failed, a
    list of {file, endpoint, where, why}; and unknown_fields and unknown_values, one entry for each place that
    the models do not know: {file, endpoint, field, files} and for values {…, value}, where file is the first
    of so many files. Exit code 1 when anything failed.
    """
    from tmdb_assets.commands.recordings import check_recordings as check

    check(folder, as_json=as_json)


@cli.command("fake-tmdb")
@click.option("--port", type=click.IntRange(0, 65535), required=True, help="0 takes any free port.")
@click.option("--films", type=click.IntRange(min=1), default=3000, show_default=True, help="Fictional films.")
@click.option("--films-file", type=click.Path(path_type=Path), help="Real films: JSON Lines, .gz or plain.")
@click.option("--seed", type=int, default=1, show_default=True, help="Makes other fictional films.")
@click.option(
    "--requests-per-second", type=click.IntRange(min=1), help="Answer 429 beyond; by default never."
)
@click.option(
    "--latency-ms", type=click.FloatRange(min=0), default=0, show_default=True, help="Of each answer."
)
@click.option("--faults", default="", metavar="SPEC", help="As 429:0.05,500:0.02,reset:0.01,truncate@7.")
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
def fake_tmdb(**options: Any) -> None:  # noqa: ANN401 -- click has checked them
    """Serve a TMDB from memory: for trying things out, tests, and work without a network.

    GET /__stats__ counts requests by path and status, and the most in any second.
    """
    from tmdb_assets.commands.fake import fake_tmdb as serve

    serve(**options)


def main() -> None:
    """Run a command; what goes wrong is one sentence, and exit code 2 where the input was wrong."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ask to stop in good order
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"tmdb-assets: {' '.join(error.format_message().split())}", err=True)
        if isinstance(error, click.UsageError) and error.ctx:
            click.echo(f"See `{error.ctx.command_path} --help`.", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        from tmdb_assets.commands.failures import INTERRUPTED, INTERRUPTED_SENTENCE

        click.echo(INTERRUPTED_SENTENCE, err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except BaseException as error:  # a panic in Rust is no Exception
        from tmdb_assets.commands.failures import explained

        known = explained(error)
        if known is None:
            raise
        sentence, exit_code = known
        click.echo(f"tmdb-assets: {sentence}", err=True)
        sys.exit(exit_code)


if __name__ == "__main__":
    main()
