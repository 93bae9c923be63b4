"""Read two exports as large as TMDB's, and print what it takes: ``python benchmarks/bench_exports.py``."""

import datetime as dt
import gzip
import resource
import tempfile
import time
from pathlib import Path
from random import Random

from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.exports import sync_exports
from tmdb_assets.transforms.exports import export_name

LINES = 1_238_234
"""Of TMDB's export of 2026-08-31."""

GONE, CAME = 400, 900
DAY = dt.date(2026, 8, 31)


def main() -> None:
    """Write the exports, read them, and print seconds and memory."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = (Path(folder) / export_name(DAY + dt.timedelta(days=days)) for days in (0, 1))
        megabytes = _write(first, range(1, LINES + 1)) / 1e6
        _write(second, range(GONE + 1, LINES + CAME + 1))
        storage = Storage.open(Settings(data=Path(folder) / "data"))
        before = _peak_megabytes()
        for path in (first, second):
            begun = time.monotonic()
            read = sync_exports(storage, SyncRun(run_id="benchmark"), base_url="", source=str(path))
            print(
                f"{read.id_count:,} ids of {megabytes:.1f} MB in {time.monotonic() - begun:.1f} s; "
                f"{read.audit.row_count:,} rows; peak {_peak_megabytes():.0f} MB, {before:.0f} of them before"
            )


def _write(path: Path, films: range) -> int:
    draw = Random(1)  # noqa: S311 -- repeatable is the point
    with gzip.open(path, "wb", compresslevel=6) as file:
        for film in films:
            title = f"{draw.getrandbits(64):x} {film}"
            file.write(
                b'{"adult":false,"id":%d,"original_title":"%s","popularity":%.4f,"video":false}\n'
                % (film, title.encode(), draw.random() * 3)
            )
    return path.stat().st_size


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
