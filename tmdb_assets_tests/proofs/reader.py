"""A process that reads the snapshot and the lake until its input closes: ``reader.py FOLDER``."""

import json
import os
import select
import sys
from pathlib import Path

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.tables import MovieDetail

_PAUSE = 0.1


def main() -> None:
    """Read, and in the end print how many films each read found and what went wrong."""
    data = Path(sys.argv[1])
    film_counts: list[int] = []
    errors: list[str] = []
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        try:
            with open_snapshot(data / "warehouse.duckdb") as snapshot:
                [(count,)] = snapshot.execute("SELECT count(*) FROM movie_details").fetchall()
            film_counts.append(int(count))
            Lake(data / "lake").read(MovieDetail)
        except FileNotFoundError:
            continue  # nothing is published yet
        except Exception as error:  # noqa: BLE001 -- whatever a reader may see is what we are after
            errors.append(repr(error))
    os.write(1, json.dumps({"film_counts": film_counts, "errors": errors}).encode())


if __name__ == "__main__":
    main()
