"""Which films are wanted: those that discovery lists, that uploads ask for, and that came back."""

from collections.abc import Collection

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.discovery_plan import NOT_LISTED
from tmdb_assets.tables import WHOLE_FILM, DiscoveredMovie, MovieHistory, RequestedMovie
from tmdb_assets.transforms.failures import Label

_COLUMNS = ("release_year", "tmdb_id", "title", "release_date")


def wanted_films(storage: Storage) -> pl.LazyFrame:
    """Return a row for every film that ``movie_details`` is to have.

    Returns
    -------
    polars.LazyFrame
        ``release_year``, ``tmdb_id``, ``title``, ``release_date`` and ``promised_at``, when TMDB's lists or
        search said so.
    """
    discovered = storage.lake.scan(DiscoveredMovie).select(*_COLUMNS, promised_at="discovered_at")
    requested = (
        RequestedMovie.frame(storage.state.requested_movies())
        .select(*_COLUMNS, promised_at="requested_at")
        .unique("tmdb_id", keep="first", maintain_order=True)
    )
    others = pl.concat([requested, _came_back(storage)]).unique("tmdb_id", keep="first", maintain_order=True)
    if others.is_empty():
        return discovered
    # Where both name a film, discovery knows its year: a search may have been long ago.
    return pl.concat([discovered, others.lazy().join(discovered, on="tmdb_id", how="anti")])


def wanted_ids(storage: Storage, among: Collection[int]) -> set[int]:
    """Return which of these films are wanted, by whatever year."""
    if not among:
        return set()
    wanted = wanted_films(storage).filter(pl.col("tmdb_id").is_in(list(among)))
    return set(wanted.select("tmdb_id").collect()["tmdb_id"].to_list())


def last_labels(storage: Storage, among: Collection[int]) -> dict[int, Label]:
    """Return what the last rows of films called them; of films that never had one there is nothing."""
    if not among:
        return {}
    of_film = pl.Struct({"title": pl.String(), "release_year": pl.Int32()})
    went = (pl.col("field") == WHOLE_FILM) & pl.col("old_value").is_not_null()
    rows = storage.lake.scan(MovieHistory).filter(went & pl.col("tmdb_id").is_in(list(among)))
    last = rows.group_by("tmdb_id").agg(pl.col("old_value").sort_by("seen_at").last()).collect()
    films = last.select("tmdb_id", pl.col("old_value").str.json_decode(of_film).alias("film")).unnest("film")
    return {tmdb_id: Label(title, year) for tmdb_id, title, year in films.iter_rows()}


def _came_back(storage: Storage) -> pl.DataFrame:
    """Return the films that were gone and are back, as long as their year was not listed since."""
    film = pl.col("new_value").str.json_decode(
        pl.Struct({"release_year": pl.Int32(), "title": pl.String(), "release_date": pl.Date()})
    )
    newest = pl.all().sort_by("seen_at").last()
    back = (
        storage.lake.scan(MovieHistory)
        .filter(pl.col("field") == WHOLE_FILM)
        .select("tmdb_id", "new_value", "seen_at")
        .group_by("tmdb_id")
        .agg(newest)
        .filter(pl.col("new_value").is_not_null())
        .collect()
        .select("tmdb_id", film.alias("film"), promised_at="seen_at")
        .unnest("film")
        .select(*_COLUMNS, "promised_at")
    )
    if back.is_empty():
        return back
    audits = storage.state.newest_audits(DiscoveredMovie.table, with_requests=True)
    listed = [
        (year, audit.started_at)
        for year, audit in audits.items()
        if year is not None and audit.fingerprint != NOT_LISTED
    ]
    listed_at = pl.DataFrame(
        listed, schema={"release_year": pl.Int32(), "listed_at": pl.Datetime("us", "UTC")}, orient="row"
    )
    known = back.join(listed_at, on="release_year", how="left", maintain_order="left")
    was_listed = (pl.col("listed_at") >= pl.col("promised_at")).fill_null(value=False)
    return known.filter(~was_listed).drop("listed_at")
