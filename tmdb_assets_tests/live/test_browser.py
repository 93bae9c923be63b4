"""The Dagster UI in a real browser; screenshots are kept in ``screenshots/``."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tmdb_assets_tests.live.running import Dagster

pytestmark = pytest.mark.timeout(600)

SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
ALL = (
    *("keyword_ids", "discovered_movies", "movie_details", "failed_movies"),
    *("enriched_uploads", "curated_carousels", "warehouse"),
)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")  # Playwright keeps an event loop in this thread: other tests have their own
def browser() -> Iterator[Browser]:
    """Start the Chromium or Chrome that the machine has."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        pytest.skip("there is no browser: install Chromium (Debian: apt install chromium) to run this test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *_QUIET])
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """Gather what the page complains of."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """Open a window that notes every error in the console, and every failed request."""
    page = browser.new_page(viewport={"width": 1600, "height": 1000})

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location})")

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()


def keep(page: Page, name: str) -> Path:
    """Keep a picture of the page."""
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path)
    return path


def test_the_lineage_shows_every_asset(backfilled: Dagster, page: Page, complaints: list[str]) -> None:
    page.goto(f"{backfilled.url}/assets/warehouse?view=lineage&lineageScope=upstream&lineageDepth=5")

    for asset in ALL:
        page.get_by_text(asset, exact=True).first.wait_for()
    page.wait_for_load_state("networkidle")

    assert keep(page, "lineage").stat().st_size > 20_000
    assert complaints == []


def test_an_asset_page_shows_a_preview_with_posters(
    backfilled: Dagster, page: Page, complaints: list[str]
) -> None:
    page.goto(f"{backfilled.url}/assets/movie_details?view=events&partition=2019")
    poster = page.locator("img[src*='/t/p/w92/']").first
    poster.wait_for()
    page.wait_for_load_state("networkidle")

    keep(page, "movie_details")

    assert poster.evaluate("image => image.naturalWidth") > 0
    assert complaints == []


def test_the_partitions_page_shows_the_years(backfilled: Dagster, page: Page, complaints: list[str]) -> None:
    page.goto(f"{backfilled.url}/assets/movie_details?view=partitions")
    page.get_by_text("2015").first.wait_for()
    page.wait_for_load_state("networkidle")

    keep(page, "partitions")

    assert complaints == []
