"""What can be chosen in the Launchpad, and what is said of a wrong choice."""

import dagster as dg
import pytest

from tmdb_assets.definitions import build_defs, defs
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.tables import DiscoveredMovie, KeywordId

QUEER, DRAG = 250606, 171636


def launched(
    resources: dict[str, object], instance: dg.DagsterInstance, **config: object
) -> dg.ExecuteInProcessResult:
    job = build_defs(**resources).resolve_job_def("films")
    return job.execute_in_process(
        instance=instance,
        partition_key="1999",
        raise_on_error=False,
        run_config={"ops": {name: {"config": values} for name, values in config.items()}},
    )


def sentence(result: dg.ExecuteInProcessResult) -> str:
    [failure] = [event for event in result.all_events if event.is_step_failure]
    return failure.step_failure_data.user_failure_data.description


@pytest.mark.parametrize(
    ("asset", "choices"),
    [
        ("keyword_ids", {"refresh": False, "themes": []}),
        ("discovered_movies", {"refresh": False, "min_votes": 200, "themes": []}),
    ],
)
def test_choices_have_a_description_and_a_default(asset: str, choices: dict[str, object]) -> None:
    fields = defs.resolve_assets_def(asset).op.config_schema.config_type.fields

    assert {name: field.default_value for name, field in fields.items()} == choices
    assert all(field.description for field in fields.values())


def test_only_the_chosen_themes_are_materialized(
    fake: FakeTMDB, resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    fake.add_movie(1, "1999-01-01", QUEER)
    fake.add_movie(2, "1999-01-01", DRAG)
    chosen = {"themes": ["queer"]}

    result = launched(resources, instance, keyword_ids=chosen, discovered_movies=chosen)

    assert result.success
    storage = resources["storage"]
    assert isinstance(storage, StorageResource)
    assert set(storage.open().lake.read(KeywordId)["theme"]) == {"queer"}
    assert storage.open().lake.read(DiscoveredMovie)["tmdb_id"].to_list() == [1]


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("asset", ["keyword_ids", "discovered_movies"])
def test_an_unknown_theme_fails_in_one_sentence_that_names_the_known_ones(
    resources: dict[str, object], instance: dg.DagsterInstance, asset: str
) -> None:
    result = launched(resources, instance, **{asset: {"themes": ["quer"]}})

    assert sentence(result).startswith("quer is no theme: the themes are queer, trans, ")


@pytest.mark.usefixtures("fake")
def test_a_theme_without_keywords_yet_says_what_to_materialize_first(
    resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    drag, queer = {"themes": ["drag"]}, {"themes": ["queer"]}

    result = launched(resources, instance, keyword_ids=drag, discovered_movies=queer)

    assert sentence(result) == "keyword_ids has no row of queer yet: materialize keyword_ids first."


@pytest.mark.usefixtures("fake")
def test_fewer_votes_than_none_are_refused_before_anything_is_asked(
    fake: FakeTMDB, resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    result = launched(resources, instance, discovered_movies={"min_votes": -1})

    assert not result.success
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "min_votes" in str(failure.step_failure_data.error)
    assert not [request for request in fake.requests if "discover" in str(request)]


def test_a_run_says_what_it_is_about_to_ask_for(
    fake: FakeTMDB, resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    fake.add_movie(1, "1999-01-01", vote_count=500)

    result = launched(resources, instance)

    said = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert "discovered_movies: 1 year to ask for, at 4900 requests a second" in said
    assert "movie_details: 1 film to ask for, about 0 s at 4900 requests a second" in said
