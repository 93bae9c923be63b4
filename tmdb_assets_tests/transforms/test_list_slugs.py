import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.transforms.list_slugs import editors_slugs, slug_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Halloween picks", "halloween-picks"),
        ("Amélie & Łódź (1999)", "amelie-łodz-1999"),
        ("GROẞE Filme", "grosse-filme"),
        ("İstanbul", "istanbul"),
        ("  --  ", "list"),
        ("🎬", "list"),
        ("映画 がっこう", "映画-がっこう"),
        ("हिन्दी फ़िल्में", "हिन्दी-फ़िल्में"),
        ("под ногами", "под-ногами"),
    ],
)
def test_a_slug_is_letters_digits_and_hyphens(text: str, slug: str) -> None:
    assert slug_of(text) == slug


@given(st.text())
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    slug = slug_of(text)

    assert slug
    assert slug_of(slug) == slug


def test_a_list_is_called_after_its_path_below_the_folder() -> None:
    slugs = editors_slugs(["curated/2024/Best Of.csv", "watched.csv", "lists/curated/no.csv"], [])

    assert slugs == {"curated/2024/Best Of.csv": "2024-best-of"}


def test_a_list_called_as_a_theme_is_told_apart() -> None:
    slugs = editors_slugs(["curated/Queer.csv", "curated/queer-1999.csv"], ["queer"])

    assert slugs == {"curated/Queer.csv": "queer-list", "curated/queer-1999.csv": "queer-1999-list"}


def test_a_lists_slug_does_not_depend_on_a_year_beside_it() -> None:
    alone = editors_slugs(["curated/foo.csv"], ["queer"])

    beside = editors_slugs(["curated/foo.csv", "curated/foo-1999.csv"], ["queer"])

    assert alone["curated/foo.csv"] == beside["curated/foo.csv"] == "foo"


def test_lists_of_one_name_are_numbered_in_the_order_of_their_paths() -> None:
    paths = ["curated/a-b.csv", "curated/a/b.csv", "curated/a b.csv", "curated/a b.txt"]

    slugs = editors_slugs(paths, ["themes"])

    assert slugs == {
        "curated/a b.csv": "a-b",
        "curated/a b.txt": "a-b-2",
        "curated/a-b.csv": "a-b-3",
        "curated/a/b.csv": "a-b-4",
    }


names = st.sampled_from(["a", "A", "á", "a-2", "a-list", "a-1999-list", "🎬", "b"])


@given(st.sets(names), st.permutations(["a", "á", "A", "a-2", "a-list", "a-1999", "🎬"]))
def test_no_slug_is_anothers_nor_anothers_year(themes: set[str], lists: list[str]) -> None:
    themes = {slug_of(theme) for theme in themes}
    slugs = editors_slugs([f"curated/{name}.csv" for name in lists], themes)

    every = [*themes, *slugs.values()]
    assert len(set(every)) == len(every)
    of_lists = {f"{slug}-1999" for slug in slugs.values()}
    of_themes = {f"{theme}-1999" for theme in themes}
    assert not of_lists & set(every)
    assert not of_themes & set(slugs.values())
    assert slugs == editors_slugs([f"curated/{name}.csv" for name in sorted(lists)], themes)
