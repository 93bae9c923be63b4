"""The words that fictional films are made of, as TOML: nothing but data lies here."""

import tomllib
from importlib import resources
from typing import Any


def read_words(name: str) -> dict[str, Any]:
    """Read one file of words."""
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))
