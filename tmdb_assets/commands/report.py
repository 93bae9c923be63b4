"""What a run leaves on the terminal: a carousel, what it cost, and what to do next."""

import os
import shutil
import sys
from pathlib import Path

import click
import polars as pl

from tmdb_assets.commands.plain import plain
from tmdb_assets.resources.progress_lines import spoken
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage, snapshot_path
from tmdb_assets.storage.origin import DEMO, read
from tmdb_assets.sync.statistics import RunStatistics
from tmdb_assets.tables import CuratedCarousel, MovieDetail
from tmdb_assets.transforms.carousel_order import in_order
from tmdb_assets.transforms.curation import FROM_YOUR_LISTS

_SHOWN = 10
_EXAMPLE = "SELECT title, release_year, directors, revenue FROM movies ORDER BY revenue DESC LIMIT 5"


def report(settings: Settings, statistics: RunStatistics) -> None:
    """Say what came of a run."""
    first, last = statistics.years
    storage = Storage.open(settings)
    title, films = _carousel(storage, first, last)
    if not films.is_empty():
        years = f"{first} to {last}" if first != last else str(first)
        click.secho(f"\n{title}, {years}", bold=True)
        for film in films.iter_rows(named=True):
            by = f" by {', '.join(film['directors'][:2])}" if film["directors"] else ""
            place, rating = film["position"], film["weighted_rating"]
            click.echo(plain(f"{place:>3}. {film['title']} ({film['release_year']}){by}, {rating:.1f}"))
    click.echo()
    for table, took in statistics.tables.items():
        missing = f", {took.missing:,} missing" if took.missing else ""
        asked = (
            f"{took.requests:,} requests in {spoken(took.seconds)}, {took.requests_per_second:.1f} a second"
            if took.requests
            else "all fresh, no request"
        )
        click.echo(f"{table:<18} {took.rows:>7,} rows{missing}; {asked}")
    carousels = statistics.published.get(CuratedCarousel.table, 0)
    click.echo(f"{CuratedCarousel.table:<18} {carousels:>7,} rows of all years")
    click.echo(f"{'warehouse':<18} {snapshot_path(settings)}")
    click.echo(f"{'in all':<18} {statistics.requests:,} requests, {spoken(statistics.seconds)}")
    if read(settings.data) == DEMO:
        click.echo("\nThese films are invented. With TMDB_API_KEY set, the same command fetches real ones.")
    here = Path(sys.argv[0])  # as it was called, or by its name where it is on the path
    commands = here.parent if os.sep in sys.argv[0] and not shutil.which(here.name) else Path()
    click.echo(f'\nNext:  {commands / "tmdb-assets"} sql "{_EXAMPLE}"')
    click.echo(
        f"       {commands / 'tmdb-assets'} dev    then open http://127.0.0.1:3000, and drop a film list into"
    )
    click.echo(f"       {storage.uploads}")


def _carousel(storage: Storage, first: int, last: int) -> tuple[str, pl.DataFrame]:
    """Return the title of the theme with the most films in these years, and the first of its carousel."""
    rows = storage.lake.read(CuratedCarousel, years=range(first, last + 1))
    of_themes = rows.filter(pl.col("list_position").is_null() & (pl.col("theme") != FROM_YOUR_LISTS))
    fullest = (
        of_themes.group_by("theme", "theme_title")
        .len()
        .sort("len", "theme", descending=[True, False])
        .head(1)
    )
    carousel = in_order(of_themes.join(fullest, on="theme", how="semi")).head(_SHOWN)
    movies = storage.lake.scan(MovieDetail).filter(pl.col("tmdb_id").is_in(carousel["tmdb_id"].to_list()))
    directors = movies.select("tmdb_id", "directors").collect()
    films = carousel.join(directors, on="tmdb_id", how="left", maintain_order="left")
    return "".join(fullest["theme_title"]), films
