"""A running `tmdb-assets dev`, as a person with a browser asks it."""

import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tmdb_assets.fake_tmdb import FakeTMDB

_LOCATION = {"repositoryLocationName": "tmdb_assets.definitions", "repositoryName": "__repository__"}
T = TypeVar("T")


class Dagster:
    """A running `tmdb-assets dev`, asked through the GraphQL that its own UI uses."""

    def __init__(self, url: str, data: Path, fake: FakeTMDB) -> None:
        self.url = url
        self.data = data
        self.fake = fake

    def ask(self, query: str, **variables: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- GraphQL's JSON
        """Return what GraphQL answers."""
        answer = httpx.post(f"{self.url}/graphql", json={"query": query, "variables": variables}, timeout=60)
        body = answer.json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    def wait_for(self, what: Callable[[], T | None], *, seconds: float = 150) -> T:
        """Return the first result that says something; the run's own log tells more when there is none."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if (result := what()) is not None:
                return result
            time.sleep(0.25)  # a poll of another process, which has no other way to tell
        raise AssertionError(f"Nothing after {seconds:g} s: {self.runs()}")

    def runs(self) -> list[Mapping[str, Any]]:
        """Return all runs, newest first."""
        query = """{ runsOrError(limit: 100) { ... on Runs { results {
            id status jobName tags { key value } assetSelection { path } } } } }"""
        return self.ask(query)["runsOrError"]["results"]

    def materialized(self, asset: str) -> list[str]:
        """Return the partitions of an asset that are materialized."""
        query = """query($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
            partitionStats { numMaterialized }
            assetPartitionStatuses {
                ... on TimePartitionStatuses { ranges { startKey endKey status } }
                ... on DefaultPartitionStatuses { materializedPartitions } } } } }"""
        statuses = self.ask(query, key={"path": [asset]})["assetNodeOrError"]["assetPartitionStatuses"]
        if "ranges" not in statuses:
            return list(statuses["materializedPartitions"])
        return [
            str(year)
            for each in statuses["ranges"]
            if each["status"] == "MATERIALIZED"
            for year in range(int(each["startKey"]), int(each["endKey"]) + 1)
        ]

    def launch(self, job: str) -> str:
        """Launch a job from the UI, and return its run's id."""
        query = """mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
            __typename ... on LaunchRunSuccess { run { id } } ... on PythonError { message } } }"""
        selector = {**_LOCATION, "jobName": job}
        return self.ask(query, params={"selector": selector, "mode": "default"})["launchRun"]["run"]["id"]

    def backfill(self, *assets: str, years: range) -> str:
        """Launch a backfill from the UI, and return its id."""
        query = """mutation($params: LaunchBackfillParams!) {
            launchPartitionBackfill(backfillParams: $params) {
            __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
        params = {
            "partitionNames": [str(year) for year in years],
            "assetSelection": [{"path": [asset]} for asset in assets],
        }
        return self.ask(query, params=params)["launchPartitionBackfill"]["backfillId"]

    def finished_run(self, run_id: str) -> str | None:
        """Return how a run ended; None while it goes on."""
        [status] = [run["status"] for run in self.runs() if run["id"] == run_id]
        return status if status in {"SUCCESS", "FAILURE", "CANCELED"} else None


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
