"""The page on other libraries: its snippets run where the library is installed, and its table is true."""

import ast
import importlib.util
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import themoviedb
import tmdbsimple
from themoviedb._core.config import ClientConfig

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import AuthenticationError, RateLimitError, RetryPolicy, TMDBClient
from tmdb_assets_tests.docs.snippets import Snippet, printed, snippets

PAGE = Path(__file__).parents[2] / "docs" / "client-compared.md"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def turn_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeTMDB], None]:
    """Let the libraries ask a fake instead of TMDB; only ours has a setting for it."""

    def turn(fake: FakeTMDB) -> None:
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_REQUESTS_PER_SECOND", "500")
        monkeypatch.setattr(tmdbsimple, "API_KEY", KEY)
        monkeypatch.setattr(tmdbsimple, "REQUESTS_TIMEOUT", 10)
        make, configure = tmdbsimple.base.TMDB.__init__, ClientConfig.from_values

        def make_for_fake(self: Any) -> None:  # noqa: ANN401 -- the library has no types
            make(self)
            self.base_uri = fake.base_url

        def configure_for_fake(**values: Any) -> ClientConfig:  # noqa: ANN401 -- the library's own
            return replace(configure(**values), host=fake.base_url.removesuffix("/3"))

        monkeypatch.setattr(tmdbsimple.base.TMDB, "__init__", make_for_fake)
        monkeypatch.setattr(ClientConfig, "from_values", configure_for_fake)

    return turn


def blocks() -> Iterator[Any]:
    """Yield the page's blocks of Python; one whose library is not installed is skipped."""
    for each in snippets(PAGE):
        if each.language == "python":
            absent = [name for name in imported(each.code) if importlib.util.find_spec(name) is None]
            marks = pytest.mark.skipif(bool(absent), reason=f"not installed: {', '.join(absent)}")
            yield pytest.param(each, id=f"line-{each.line}", marks=marks)


def imported(code: str) -> set[str]:
    """Return the packages that a snippet imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names.update(each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("block", list(blocks()))
def test_a_snippet_prints_what_the_page_shows(block: Snippet, turn_to: Callable[[FakeTMDB], None]) -> None:
    with FakeTMDB(films=450) as fake:
        credits_ = {"cast": [{"id": 819, "name": "Edward Norton", "order": 0}], "crew": []}
        fake.add_movie(550, "1999-10-15", title="Fight Club", popularity=1000.0, credits=credits_)
        turn_to(fake)

        output = printed(block, PAGE, {"__name__": "__main__"})

    assert output == block.output


def ask_ours() -> object:
    with TMDBClient(retry=RetryPolicy(first_wait=0.01)) as client:
        return client.movies.details(550)


def ask_tmdbsimple() -> object:
    return tmdbsimple.Movies(550).info()


def ask_themoviedb() -> object:
    return themoviedb.TMDb().movie(550).details()


class Outcome(NamedTuple):
    """What the table says of a refusal."""

    error: type[BaseException]
    request_count: int
    shows: str


OVER_THE_LIMIT = {"faults": "429!"}
WRONG_KEY = {"api_key": "f" * 32}


@pytest.mark.parametrize(
    ("ask", "refusing", "expected"),
    [
        (ask_ours, OVER_THE_LIMIT, Outcome(RateLimitError, 4, "no key")),
        (ask_ours, WRONG_KEY, Outcome(AuthenticationError, 1, "no key")),
        (ask_tmdbsimple, OVER_THE_LIMIT, Outcome(requests.HTTPError, 1, "key in text")),
        (ask_tmdbsimple, WRONG_KEY, Outcome(requests.HTTPError, 1, "key in text")),
        (ask_themoviedb, OVER_THE_LIMIT, Outcome(themoviedb.TMDbRateLimitError, 1, "key in traceback")),
        (ask_themoviedb, WRONG_KEY, Outcome(themoviedb.TMDbAuthenticationError, 1, "key in traceback")),
    ],
)
def test_the_table_says_what_is_raised(
    ask: Callable[[], object],
    refusing: dict[str, Any],
    expected: Outcome,
    turn_to: Callable[[FakeTMDB], None],
) -> None:
    with FakeTMDB(films=0, **refusing) as fake:
        turn_to(fake)

        with pytest.raises(expected.error) as caught:
            ask()

    printed_ = "".join(traceback.format_exception(caught.value))
    shows = "key in text" if KEY in str(caught.value) else "key in traceback" if KEY in printed_ else "no key"
    assert Outcome(caught.type, len(fake.requests), shows) == expected
