"""What can be chosen for a run, in the Launchpad or from the command line."""

import dagster as dg
from pydantic import Field

_THEMES = "Only these themes, by slug, such as queer; what is stored of the others stays. By default all."


class KeywordsConfig(dg.Config):
    """Choices for ``keyword_ids``."""

    refresh: bool = Field(default=False, description="Ask TMDB also for what is fresh.")
    themes: list[str] = Field(default=[], description=_THEMES)


class DiscoveryConfig(dg.Config):
    """Choices for ``discovered_movies``."""

    refresh: bool = Field(default=False, description="Ask TMDB also for years that are fresh.")
    min_votes: int = Field(
        default=200, ge=0, description="A film without a theme's keyword is listed from this many votes on."
    )
    themes: list[str] = Field(default=[], description=_THEMES)


class UploadsConfig(dg.Config):
    """Choices for ``enriched_uploads``."""

    refresh: bool = Field(
        default=False,
        description="Search TMDB again for titles that were not matched; what is matched stays.",
    )


class DetailsConfig(dg.Config):
    """Choices for ``movie_details``."""

    refresh: bool = Field(default=False, description="Ask TMDB also for films that are fresh.")
    refresh_limit: int | None = Field(
        default=None, ge=0, description="Ask again for so many known films at most; by default for all due."
    )
    marked_only: bool = Field(
        default=False, description="Ask only for films that TMDB's changes feed or export says have changed."
    )


class ExportsConfig(dg.Config):
    """Choices for ``tmdb_exports``."""

    source: str | None = Field(
        default=None,
        description="A path or an address of one export, such as /tmp/movie_ids_08_31_2026.json.gz; by "
        "default the newest of TMDB_EXPORT_BASE_URL.",
    )
    allow_shrinking: bool = Field(
        default=False, description="Believe also an export that lost more than 5 % of the films."
    )


class CurationConfig(dg.Config):
    """Choices for ``curated_carousels``."""

    themes: list[str] = Field(
        default=[],
        description="Curate only these themes, by slug; what is stored of the others stays. By default all.",
    )
