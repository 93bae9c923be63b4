"""Figures in a document: between two markers, so that they can be put there again."""

__all__ = ["placed"]


def placed(document: str, text: str, name: str) -> str:
    """Return the document with the text between the two markers of a name.

    Raises
    ------
    ValueError
        When the markers are not there.
    """
    first, last = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, begin, rest = document.partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        raise ValueError(f"the document has no {first} with {last} after it: add both.")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"
