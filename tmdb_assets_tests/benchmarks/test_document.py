import pytest

from benchmarks.document import placed

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def test_only_what_stands_between_the_markers_is_replaced() -> None:
    document = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    text = placed(document, "new", "figures")

    assert text == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_document_without_markers_of_that_name_is_refused() -> None:
    with pytest.raises(ValueError, match="add both"):
        placed(f"{BEGIN}{END}", "new", "others")
