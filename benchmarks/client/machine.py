"""Where it was measured: the machine, the versions, and the environment of the clients' processes."""

import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["environment", "machine", "versions"]


def machine() -> str:
    """Return cores, processor, system and Python."""
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return f"{os.cpu_count()} cores, {_processor()}, {system}, Python {platform.python_version()}"


def versions(packages: Iterable[str]) -> str:
    """Return the version of each package that is there."""
    return ", ".join(f"{package} {_version(package)}" for package in dict.fromkeys(packages))


def environment(state: str) -> dict[str, str]:
    """Return this environment without what clients of TMDB read, and with a folder for their state."""
    kept = {name: value for name, value in os.environ.items() if "TMDB" not in name}
    return kept | {"XDG_STATE_HOME": state, "NO_PROXY": "127.0.0.1"}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
