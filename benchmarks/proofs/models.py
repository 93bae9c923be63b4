"""The model tests with many random sequences: films over simulated time, and the refresh policy alone."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.proofs.verdicts import Verdict

__all__ = ["models"]

_ROOT = Path(__file__).resolve().parents[2]
_TESTS = {
    "model of the refresh policy": "transforms/test_refresh_model.py",
    "model of films over time": "sync/test_details_model.py",
}


def models(folder: Path) -> list[Verdict]:
    """Run each model test with the profile for proofs, whose sequences are others every time."""
    return [_model(folder, name, test) for name, test in _TESTS.items()]


def _model(folder: Path, name: str, test: str) -> Verdict:
    options = ("-q", "-p", "no:cacheprovider", "--timeout=0")
    command = [sys.executable, "-m", "pytest", *options, f"tmdb_assets_tests/{test}"]
    log = folder / f"{Path(test).stem}.log"
    with log.open("w") as file:
        environment = os.environ | {"HYPOTHESIS_PROFILE": "prove"}
        done = subprocess.run(command, cwd=_ROOT, env=environment, stdout=file, stderr=file, check=False)
    lines = log.read_text(encoding="utf-8").strip().splitlines() or ["nothing"]
    if done.returncode:
        print("\n".join(lines[-80:]), file=sys.stderr)
    return Verdict(
        name,
        "no film starves, none is asked for too often, each in one year, tables as a rebuild makes them",
        lines[-1].strip("= "),
        not done.returncode,
    )
