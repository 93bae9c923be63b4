"""Partitions: release years, from the first film on, days of changes, and uploaded files."""

import datetime as dt
import warnings

import dagster as dg

from tmdb_assets.transforms.change_days import FIRST_DAY, READ_BACK
from tmdb_assets.transforms.years import FIRST_YEAR

warnings.filterwarnings("ignore", message="Parameter `backfill_policy`", category=dg.BetaWarning)

YEARS_AHEAD = 3

PARTITION_TAG = "dagster/partition"
RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
"""The tags of a run over several years: the first and the last, both included."""

release_years = dg.TimeWindowPartitionsDefinition(
    start=str(FIRST_YEAR), cron_schedule="0 0 1 1 *", fmt="%Y", end_offset=YEARS_AHEAD + 1
)
"""A partition key is a year. The current year joins on its first day; the next ones hold announced films."""

YEARS_PER_RUN = dg.BackfillPolicy.multi_run(max_partitions_per_run=10)
"""A backfill asks for ten years a run: bounded when it fails, and quicker than a run for each year."""

change_days = dg.DailyPartitionsDefinition(start_date=FIRST_DAY.isoformat(), timezone="UTC")
"""A partition key is a day that is over, at UTC: its changes do not grow any more."""

DAYS_PER_RUN = dg.BackfillPolicy.multi_run(max_partitions_per_run=READ_BACK)
"""A fortnight of changes is one run."""

uploads = dg.DynamicPartitionsDefinition(name="uploads")
"""A partition key is a file's path in the uploads folder, as ``transforms/upload_keys.py`` writes it."""


def range_tags(first: int | dt.date, last: int | dt.date) -> dict[str, str]:
    """Return the tags of a run over release years or days, both included."""
    return dict(zip(RANGE_TAGS, (str(first), str(last)), strict=True))
