import dagster as dg
import pytest
from deltalake import write_deltalake

from tmdb_assets.assets.curated_carousels import (
    curated_carousels,
    no_adult_film_is_in_a_carousel,
    no_film_is_twice_in_a_carousel,
    places_have_no_gaps,
)
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import CuratedCarousel, KeywordId, MovieDetail
from tmdb_assets_tests.tables.rows import detail, keyword, place

DRAG = 1
POSTER = "https://image.example/t/p/w500/alien.jpg"
RANGE = {"dagster/asset_partition_range_start": "1998", "dagster/asset_partition_range_end": "2000"}


@pytest.fixture
def resource(resources: dict[str, object]) -> StorageResource:
    return resources["storage"]  # type: ignore[return-value] -- resources differ


@pytest.fixture
def storage(resource: StorageResource) -> Storage:
    storage = resource.open()
    storage.lake.replace(KeywordId, KeywordId.frame([keyword("drag", DRAG)]))
    return storage


def keep(storage: Storage, year: int, *tmdb_ids: int, **values: object) -> None:
    """Keep films with the theme's keyword."""
    films = [
        detail(one, year, keyword_ids=[DRAG], **{"vote_count": 90, "poster_url": POSTER, **values})
        for one in tmdb_ids
    ]
    storage.lake.replace_year(MovieDetail, MovieDetail.frame(films), year)


def keep_places(storage: Storage, *places: CuratedCarousel) -> None:
    storage.lake.replace_year(CuratedCarousel, CuratedCarousel.frame(places), 1979)


def curated(
    resource: StorageResource, instance: dg.DagsterInstance, *themes: str
) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [curated_carousels],
        instance=instance,
        tags=RANGE,
        resources={"storage": resource},
        run_config={"ops": {"curated_carousels": {"config": {"themes": list(themes)}}}},
        raise_on_error=False,
    )


def years(instance: dg.DagsterInstance) -> set[str]:
    return instance.get_materialized_partitions(dg.AssetKey("curated_carousels"))


def why(result: dg.ExecuteInProcessResult) -> str:
    [failure] = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    return str(failure.user_failure_data.description)


def checked(result: object) -> tuple[bool, dg.AssetCheckSeverity, str, str]:
    """Return whether a check passed, how grave it is, what it says and the examples that it shows."""
    assert isinstance(result, dg.AssetCheckResult)
    shown = result.metadata.get("examples")
    return result.passed, result.severity, str(result.description), str(shown.value) if shown else ""


def test_one_run_curates_many_years(
    storage: Storage, resource: StorageResource, instance: dg.DagsterInstance
) -> None:
    keep(storage, 1998, 1, 2)
    keep(storage, 2000, 3)

    result = curated(resource, instance)

    assert result.success
    assert years(instance) == {"1998", "1999", "2000"}
    assert storage.lake.row_counts(CuratedCarousel) == {1998: 2, 2000: 1}


def test_each_year_shows_the_first_of_each_carousel_with_posters(
    storage: Storage, resource: StorageResource, instance: dg.DagsterInstance
) -> None:
    keep(storage, 1998, *range(1, 21))

    result = curated(resource, instance)

    [event] = [
        one for one in result.asset_materializations_for_node("curated_carousels") if one.partition == "1998"
    ]
    assert event.metadata["dagster/partition_row_count"].value == 20
    assert (event.metadata["carousels"].value, event.metadata["films"].value) == (1, 20)
    lines = str(event.metadata["preview"].value).splitlines()
    assert lines[0] == "| theme | position | poster | title | weighted\\_rating |"
    assert lines[2:] == [
        f"| drag | {number} | ![Alien](https://image.example/t/p/w92/alien.jpg) | Alien | 6.5 |"
        for number in (1, 2, 3)
    ]


def test_only_the_chosen_themes_are_curated(
    storage: Storage, resource: StorageResource, instance: dg.DagsterInstance
) -> None:
    storage.lake.replace(KeywordId, KeywordId.frame([keyword("drag", DRAG), keyword("gay", DRAG)]))
    keep(storage, 1998, 1)

    curated(resource, instance, "gay")

    assert storage.lake.read(CuratedCarousel)["slug"].to_list() == ["gay-1998"]


@pytest.mark.usefixtures("storage")
def test_an_unknown_theme_fails_the_run_in_one_sentence(
    resource: StorageResource, instance: dg.DagsterInstance
) -> None:
    result = curated(resource, instance, "dragg")

    assert not result.success
    assert why(result) == "There is no theme dragg. Choose among drag, from-your-lists, or none for all."


def test_years_that_are_finished_stay_materialized_when_a_later_one_fails(
    storage: Storage, resource: StorageResource, instance: dg.DagsterInstance
) -> None:
    keep(storage, 1998, 1)
    keep(storage, 2000, 3)
    of_2000 = next(one for one in storage.lake.file_uris(MovieDetail) if "release_year=2000" in one)
    with open(of_2000, "wb") as file:  # noqa: PTH123 -- the lake names its files as texts
        file.write(b"damaged")

    result = curated(resource, instance)

    assert not result.success
    assert years(instance) == {"1998", "1999"}


def test_carousels_that_are_right_pass_all_checks(storage: Storage, resource: StorageResource) -> None:
    keep(storage, 1979, 1, 2)
    keep_places(storage, place("drag", 1, 2), place("drag", 2, 1), place("gay", 1, 1))

    checks = (places_have_no_gaps, no_film_is_twice_in_a_carousel, no_adult_film_is_in_a_carousel)

    assert [checked(check(resource))[0] for check in checks] == [True, True, True]


@pytest.mark.parametrize("positions", [(2,), (1, 3), (1, 1)])
def test_places_with_gaps_are_shown(
    storage: Storage, resource: StorageResource, positions: tuple[int, ...]
) -> None:
    places = [place("drag", position, number) for number, position in enumerate(positions, 1)]
    keep_places(storage, *places, place("gay", 1, 9))

    passed, severity, sentence, examples = checked(places_have_no_gaps(resource))

    assert (passed, severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "1 carousel is counted with gaps, such as drag-1979" in sentence
    assert f"| drag-1979 | {len(positions)} | {positions[-1]} |" in examples


def test_a_film_twice_in_a_carousel_is_shown(storage: Storage, resource: StorageResource) -> None:
    keep_places(storage, place("drag", 1, 7), place("gay", 1, 7))
    again = CuratedCarousel.frame([place("drag", 2, 7)])
    write_deltalake(f"{storage.lake.uri}/curated_carousels", again, mode="append")

    passed, severity, sentence, examples = checked(no_film_is_twice_in_a_carousel(resource))

    assert (passed, severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "1 film is twice in a carousel, such as Alien" in sentence
    assert "| drag-1979 | 7 | Alien | 1, 2 |" in examples


def test_an_adult_film_in_a_carousel_is_shown(storage: Storage, resource: StorageResource) -> None:
    keep(storage, 1979, 7, adult=True)
    keep_places(storage, place("drag", 1, 7), place("drag", 2, 8))

    passed, severity, sentence, examples = checked(no_adult_film_is_in_a_carousel(resource))

    assert (passed, severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "1 place is held by adult films, such as Alien" in sentence
    assert "| drag-1979 | 1 | 7 | Alien |" in examples
