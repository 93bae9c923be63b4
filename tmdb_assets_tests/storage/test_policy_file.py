from pathlib import Path

import pytest

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.policy_file import SHIPPED_POLICY, load_policy, shipped_policy


def test_the_shipped_policy_holds_where_none_is_named() -> None:
    assert load_policy() == shipped_policy()


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(SHIPPED_POLICY.read_text().replace("older_every_days: 90", "older_every_days: 45"))

    storage = Storage.open(Settings(data=tmp_path / "data", refresh_policy=own))

    assert storage.policy.details.older_every_days == 45


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.yaml cannot be read"):
        load_policy(tmp_path / "nowhere.yaml")


def test_a_wrong_file_is_one_sentence(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("details: often")

    with pytest.raises(SettingsError, match=r"own\.yaml is not a refresh policy: .*\.$") as raised:
        load_policy(own)

    assert "\n" not in str(raised.value)
