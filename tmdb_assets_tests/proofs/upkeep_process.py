"""The upkeep of every Sunday as a process of its own, without Dagster around it."""

import datetime as dt

from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.upkeep import keep_up

if __name__ == "__main__":
    done = keep_up(Storage.open(Settings.load()), clock=lambda: dt.datetime.now(dt.UTC))
    assert not done.problems
