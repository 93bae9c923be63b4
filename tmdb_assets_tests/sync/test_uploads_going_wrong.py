import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.outage import TMDBUnavailableError
from tmdb_assets.sync.uploads import forget_upload
from tmdb_assets.sync.usage import DailyCapReachedError
from tmdb_assets.tables import FailedMovie
from tmdb_assets.transforms.upload_files import UploadError
from tmdb_assets_tests.sync.uploading import ANNA, asked, drop, enrich, rows


def test_a_file_that_is_no_list_fails_in_a_sentence(fake: FakeTMDB, storage: Storage) -> None:
    storage.uploads.mkdir(parents=True)
    (storage.uploads / ANNA).write_bytes(b"PK\x03\x04 and so on")

    with pytest.raises(UploadError) as raised:
        enrich(fake, storage)

    session = storage.state.sessions()[ANNA]
    assert (session.status, session.problems) == ("failed", [str(raised.value)])
    assert "zip" in str(raised.value)


@pytest.mark.parametrize("upload", ["gone.csv", "../state.db", "/etc/hostname"])
def test_a_file_that_is_not_in_the_folder_fails_in_a_sentence(
    fake: FakeTMDB, storage: Storage, upload: str
) -> None:
    with pytest.raises(UploadError, match=r"put (it|the file) there"):
        enrich(fake, storage, upload)

    assert fake.requests == []


def test_a_film_whose_details_cannot_be_had_is_matched_and_says_why(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat", runtime="odd")
    drop(storage, "Heat,1995,9")

    enrich(fake, storage)

    [row] = rows(storage)
    assert (row["status"], row["tmdb_enriched"], row["enriched_at"]) == ("matched", False, None)
    assert "runtime" in str(row["problem"])
    assert storage.lake.read(FailedMovie)["tmdb_id"].to_list() == [949]


def test_when_tmdb_goes_down_what_was_found_is_kept_and_the_rest_is_asked_next_time(
    fake: FakeTMDB, storage: Storage
) -> None:
    """The first five requests are answered: searches for the first five titles."""
    titles = [f"Film {tmdb_id}" for tmdb_id in range(1, 31)]
    with FakeTMDB(films=0, faults=",".join(f"503@{number}" for number in range(6, 200))) as failing:
        for each in (failing, fake):
            for tmdb_id in range(1, 31):
                each.add_movie(tmdb_id, "1995-06-01")
        drop(storage, *(f"{title},1995,9" for title in titles))

        with pytest.raises(TMDBUnavailableError, match=r"TMDB does not answer|gave no answer"):
            enrich(failing, storage)

    kept = [row["status"] for row in rows(storage)]
    enrich(fake, storage)

    assert (kept.count("matched"), kept.count("failed")) == (5, 25)
    assert storage.state.sessions()[ANNA].status == "completed"
    assert len(asked(fake, "search/movie")) == 25
    assert [row["tmdb_enriched"] for row in rows(storage)] == [True] * 30


def test_a_forgotten_list_leaves_neither_rows_nor_wishes(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    for upload in (ANNA, "o'ben.csv"):
        drop(storage, "Heat,1995,9", upload=upload)
        enrich(fake, storage, upload)

    forget_upload(storage, "o'ben.csv")

    assert [row["upload"] for row in rows(storage)] == [ANNA]
    assert rows(storage, "o'ben.csv") == []
    assert [movie.upload for movie in storage.state.requested_movies()] == [ANNA]
    assert list(storage.state.sessions()) == [ANNA]


def test_when_the_daily_cap_is_reached_the_list_says_so_and_goes_on_the_next_day(
    fake: FakeTMDB, storage: Storage
) -> None:
    for tmdb_id in range(1, 31):
        fake.add_movie(tmdb_id, "1995-06-01")
    drop(storage, *(f"Film {tmdb_id},1995,9" for tmdb_id in range(1, 31)))

    with pytest.raises(DailyCapReachedError):
        enrich(fake, storage, cap=40)
    session = storage.state.sessions()[ANNA]
    asked_at_first = len(fake.requests)
    enrich(fake, storage)

    assert (session.status, "work resumes tomorrow" in session.problems[-1]) == ("failed", True)
    assert (asked_at_first, len(fake.requests)) == (40, 60)
    assert [row["tmdb_enriched"] for row in rows(storage)] == [True] * 30
    assert {each.asset: each.request_count for each in storage.state.usage()} == {"enriched_uploads": 60}
