"""Short ways to read a list in a test."""

from tmdb_assets.transforms.upload_files import ParsedUpload, UploadedRow, parse_upload


def parsed(content: str | bytes, name: str = "anna/my-films.csv") -> ParsedUpload:
    """Read a list."""
    return parse_upload(content.encode() if isinstance(content, str) else content, name=name)


def only_row(content: str | bytes) -> UploadedRow:
    """Read a list of one row."""
    [row] = parsed(content).rows
    return row


def films(content: str | bytes) -> list[tuple[str | None, int | None]]:
    """Read a list's titles and years."""
    return [(row.title, row.year) for row in parsed(content).rows]
