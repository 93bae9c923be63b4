"""What a run leaves on the terminal: a carousel, what it cost, and what to do next."""

import click
import polars as pl

from tmdb_assets.commands.sources import FAKE_ORIGIN
from tmdb_assets.resources.progress import spoken
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.origin import read
from tmdb_assets.sync.statistics import RunStatistics
from tmdb_assets.tables import KeywordId, MovieDetail
from tmdb_assets.transforms.curation import weighted_rating

_SHOWN = 10
_EXAMPLE = "SELECT title, release_year, directors, revenue FROM movies ORDER BY revenue DESC LIMIT 5"


def report(settings: Settings, statistics: RunStatistics) -> None:
    """Say what came of a run."""
    first, last = statistics.years
    title, films = _carousel(Storage.open(settings), first, last)
    if not films.is_empty():
        click.secho(f"\n{title}, {first} to {last}", bold=True)
        for place, film in enumerate(films.iter_rows(named=True), start=1):
            by = f" by {', '.join(film['directors'][:2])}" if film["directors"] else ""
            click.echo(f"{place:>3}. {film['title']} ({film['release_year']}){by}, {film['rating']:.1f}")
    click.echo()
    for table, took in statistics.tables.items():
        missing = f", {took.missing:,} missing" if took.missing else ""
        asked = (
            f"{took.requests:,} requests in {spoken(took.seconds)}, {took.requests_per_second:.1f} a second"
            if took.requests
            else "all fresh, no request"
        )
        click.echo(f"{table:<18} {took.rows:>7,} rows{missing}; {asked}")
    click.echo(f"{'warehouse':<18} {settings.data / 'warehouse.duckdb'}")
    click.echo(f"{'in all':<18} {statistics.requests:,} requests, {spoken(statistics.seconds)}")
    if read(settings.data) == FAKE_ORIGIN:
        click.echo("\nThese films are invented. With TMDB_API_KEY set, the same command fetches real ones.")
    click.echo(f'\nNext:  tmdb-assets sql "{_EXAMPLE}"')
    click.echo("       dagster dev      (the lineage, the years, the checks: http://127.0.0.1:3000)")


def _carousel(storage: Storage, first: int, last: int) -> tuple[str, pl.DataFrame]:
    """Return the title of the first theme that has films in these years, and the best of them."""
    movies = storage.lake.scan(MovieDetail).filter(
        pl.col("release_year").is_between(first, last) & pl.col("adult").ne_missing(other=True)
    )
    themes = storage.lake.read(KeywordId).group_by("theme_title", maintain_order=True).agg("keyword_id")
    for title, keyword_ids in themes.iter_rows():
        carried = pl.col("keyword_ids").list.set_intersection(keyword_ids).list.len() > 0
        films = movies.filter(carried).with_columns(rating=weighted_rating())
        best = films.sort("rating", "tmdb_id", descending=[True, False]).head(_SHOWN).collect()
        if not best.is_empty():
            return str(title), best
    return "", movies.head(0).collect()
