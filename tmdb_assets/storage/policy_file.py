"""The file of the refresh policy: the one that is shipped, or the user's own."""

import functools
from pathlib import Path

from tmdb_assets.settings import SettingsError
from tmdb_assets.transforms.refresh import RefreshPolicy, RefreshPolicyError, parse_policy

SHIPPED_POLICY = Path(__file__).parent.parent / "refresh.yaml"


def load_policy(path: Path | None = None) -> RefreshPolicy:
    """Read the refresh policy from a file, by default from the one that is shipped.

    Raises
    ------
    SettingsError
        The file is missing or not of the form of ``refresh.yaml``.
    """
    return _read(path) if path else shipped_policy()


@functools.cache
def shipped_policy() -> RefreshPolicy:
    """Return the policy that is shipped."""
    return _read(SHIPPED_POLICY)


def _read(path: Path) -> RefreshPolicy:
    try:
        return parse_policy(path.read_bytes(), source=str(path))
    except OSError as error:
        raise SettingsError(f"The refresh policy {path} cannot be read: {error.strerror}.") from None
    except RefreshPolicyError as error:
        raise SettingsError(str(error)) from None
