"""Automation, tick by tick over an instance's events; the live tests have it under a real daemon."""

from collections.abc import Iterator

import dagster as dg
import pytest

from tmdb_assets.definitions import defs

_FOLLOWING = dg.AssetSelection.assets("curated_carousels", "warehouse")


class Ticks:
    """The automation sensor, tick after tick."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance = instance
        self._cursor: dg.AssetDaemonCursor | None = None  # type: ignore[name-defined] -- not public by name
        self.tick()  # what was before the first tick is no update

    def materialize(self, asset: str, *partitions: str, version: str = "1") -> None:
        """Say that an asset was materialized."""
        for partition in partitions or (None,):
            self._instance.report_runless_asset_event(
                dg.AssetMaterialization(asset, partition=partition, tags={"dagster/data_version": version})
            )

    def tick(self) -> dict[str, set[str | None]]:
        """Return the partitions of each asset that are requested now."""
        result = dg.evaluate_automation_conditions(
            defs, self._instance, asset_selection=_FOLLOWING, cursor=self._cursor
        )
        self._cursor = result.cursor
        requested = {
            asset: result.get_requested_partitions(dg.AssetKey(asset))
            for asset in ("curated_carousels", "warehouse")
        }
        return {asset: partitions for asset, partitions in requested.items() if partitions}


@pytest.fixture
def ticks() -> Iterator[Ticks]:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("uploads", ["anna.csv"])
        yield Ticks(instance)


def test_carousels_follow_the_years_that_were_materialized_and_no_others(ticks: Ticks) -> None:
    """Three of them, not all that exist; and scattered ones."""
    ticks.materialize("keyword_ids")
    ticks.tick()
    ticks.materialize("movie_details", "1972", "1995", "1996")

    assert ticks.tick() == {"curated_carousels": {"1972", "1995", "1996"}}


def test_the_snapshot_is_published_once_the_carousels_are_made(ticks: Ticks) -> None:
    ticks.materialize("movie_details", "1995", "1996", "1997")
    ticks.tick()
    ticks.materialize("curated_carousels", "1995", "1996", "1997")

    published = [ticks.tick(), ticks.tick()]

    assert published == [{"warehouse": {None}}, {}]


def test_what_is_made_is_not_made_again_until_something_is_updated(ticks: Ticks) -> None:
    ticks.materialize("movie_details", "1995")
    ticks.tick()
    ticks.materialize("curated_carousels", "1995")
    ticks.tick()
    ticks.materialize("warehouse")
    quiet = [ticks.tick(), ticks.tick()]
    ticks.materialize("movie_details", "1995")

    again = ticks.tick()

    assert quiet == [{}, {}]
    assert again == {"curated_carousels": {"1995"}}


def test_other_keywords_concern_every_year_that_has_carousels(ticks: Ticks) -> None:
    ticks.materialize("keyword_ids", version="47 keywords")
    ticks.materialize("curated_carousels", "1995", "2001")
    ticks.tick()
    ticks.materialize("keyword_ids", version="48 keywords")

    assert ticks.tick()["curated_carousels"] == {"1995", "2001"}


def test_keywords_that_are_as_they_were_concern_no_carousel(ticks: Ticks) -> None:
    ticks.materialize("keyword_ids")
    ticks.materialize("curated_carousels", "1995", "2001")
    ticks.tick()
    ticks.materialize("keyword_ids")

    assert "curated_carousels" not in ticks.tick()


def test_what_is_updated_while_the_snapshot_is_published_is_published_next(ticks: Ticks) -> None:
    ticks.materialize("failed_movies", "1995")
    first = ticks.tick()
    ticks.materialize("failed_movies", "1996")

    second = ticks.tick()

    assert first == second == {"warehouse": {None}}


def test_new_lists_are_left_to_their_own_sensor(ticks: Ticks) -> None:
    """One run over all years and the snapshot, rather than one for each ten years and another."""
    ticks.materialize("curated_carousels", "1995", "2001")
    ticks.tick()
    ticks.tick()
    ticks.materialize("enriched_uploads", "anna.csv")

    assert [ticks.tick(), ticks.tick()] == [{}, {}]
