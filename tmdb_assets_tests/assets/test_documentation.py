import datetime as dt
import typing

import dagster as dg
import polars as pl
import pytest

from tmdb_assets.assets.documentation import Group, described, preview
from tmdb_assets.definitions import defs
from tmdb_assets.tables import MovieDetail

GROUPS = typing.get_args(Group)


def shown(rows: dict[str, list[object]]) -> list[str]:
    return str(preview(pl.DataFrame(rows)).value).splitlines()


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_owners_kinds_and_tags(group: Group) -> None:
    asset = dg.AssetSpec("films", **described(group, MovieDetail))

    assert (asset.group_name, list(asset.owners)) == (group, ["team:film-data"])
    assert asset.kinds
    assert {"layer", "source", "asks_tmdb"} <= set(asset.tags)


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "uploads"])
def test_what_is_made_by_the_clock_has_to_stay_fresh(group: Group) -> None:
    policy = described(group)["freshness_policy"]

    assert policy is not None


def test_every_asset_of_ours_is_in_a_group_of_the_story() -> None:
    groups = {node.group_name for node in defs.resolve_asset_graph().asset_nodes}

    assert groups <= set(GROUPS)


def test_a_preview_is_a_table_with_a_header() -> None:
    lines = shown({"title": ["Moth"], "genres": [["Drama", "War"]], "year": [1999], "tagline": [None]})

    assert lines == [
        "| title | genres | year | tagline |",
        "| --- | --- | --- | --- |",
        "| Moth | Drama, War | 1999 |  |",
    ]


def test_a_preview_shows_a_posters_address_as_a_small_picture() -> None:
    lines = shown({"title": ["Moth"], "poster_url": ["http://127.0.0.1:1/t/p/w500/a.jpg"]})

    assert lines[0] == "| title | poster |"
    assert lines[2] == "| Moth | ![Moth](http://127.0.0.1:1/t/p/w92/a.jpg) |"


def test_a_preview_shows_a_posters_path_from_where_the_pictures_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_IMAGE_BASE_URL", "http://127.0.0.1:1/t/p")

    lines = shown({"poster_path": ["/a.jpg", None], "title": ["Moth", "Rat"]})

    assert lines[2:] == ["| ![Moth](http://127.0.0.1:1/t/p/w92/a.jpg) | Moth |", "|  | Rat |"]


def test_a_title_with_signs_of_markdown_is_shown_as_it_is() -> None:
    lines = shown({"title": ["*batteries|not_included <b>\n[x]"], "day": [dt.date(1987, 12, 18)]})

    assert lines[2] == r"| \*batteries\|not\_included \<b\> \[x\] | 1987-12-18 |"


def test_types_of_columns_are_short() -> None:
    schema = described("details", MovieDetail)["metadata"]["dagster/column_schema"].value

    types = {column.name: column.type for column in schema.columns}
    assert (types["cast"], types["cast_ids"]) == ("List(Struct)", "List(Int64)")
    assert (types["fetched_at"], types["release_date"]) == ("Datetime(UTC)", "Date")
