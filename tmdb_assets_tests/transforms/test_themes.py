import gzip
import importlib.resources
from pathlib import Path

import msgspec
import pytest

from tmdb_assets.transforms.themes import Theme, ThemesError, parse_themes, same_name

EXPORT = Path(__file__).parents[3] / "shared" / "films" / "keyword_ids_2024-11.jsonl.gz"


@pytest.fixture(scope="module")
def shipped() -> tuple[Theme, ...]:
    text = (importlib.resources.files("tmdb_assets") / "themes.yaml").read_bytes()
    return parse_themes(text, source="themes.yaml")


def test_the_shipped_themes_are_all_there_with_keywords(shipped: tuple[Theme, ...]) -> None:
    expected = [
        "queer",
        "trans",
        "pansexuality",
        "lesbian",
        "gay",
        "bisexual",
        "non-binary",
        "intersex",
        "asexual",
        "drag",
        "coming-out",
    ]

    assert {theme.slug for theme in shipped if theme.keywords} >= set(expected)


def test_a_shipped_theme_names_each_keyword_once(shipped: tuple[Theme, ...]) -> None:
    for theme in shipped:
        names = [keyword.name.casefold() for keyword in theme.keywords]
        assert len(names) == len(set(names)), theme.slug


def test_every_pinned_id_has_exactly_its_name_at_tmdb(shipped: tuple[Theme, ...]) -> None:
    if not EXPORT.exists():
        pytest.skip(f"TMDB's keyword export is not here: {EXPORT}")
    with gzip.open(EXPORT) as lines:
        keywords = [msgspec.json.decode(line) for line in lines]
    names = {keyword["id"]: keyword["name"] for keyword in keywords}

    pinned = {keyword.id: keyword.name for theme in shipped for keyword in theme.keywords if keyword.id}

    assert pinned == {keyword_id: names.get(keyword_id) for keyword_id in pinned}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("trans", "Trans", True),
        ("coming out", " Coming  OUT ", True),
        ("straße", "STRASSE", True),
        ("trans", "transformation", False),
        ("drag", "dragon", False),
        ("drag", "drag queen", False),
        ("non-binary", "nonbinary", False),
        ("gay", "", False),
    ],
)
def test_a_keyword_is_the_same_only_by_its_whole_name(one: str, other: str, *, expected: bool) -> None:
    assert same_name(one, other) is expected
    assert same_name(other, one) is expected


def test_themes_are_read_in_their_order() -> None:
    text = b"""
        themes:
          - {slug: space, title: In space, keywords: [{name: alien, id: 9951}, {name: robot}]}
          - {slug: sea, title: At sea, keywords: []}
    """

    space, sea = parse_themes(text, source="mine.yaml")

    assert (space.slug, sea.slug) == ("space", "sea")
    assert [(keyword.name, keyword.id) for keyword in space.keywords] == [("alien", 9951), ("robot", None)]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"themes: [",
        b"\x00\x01",
        b"\xff\xfe",
        b"- queer",
        b"themes: 7",
        b"themes: [{slug: queer}]",
        b"themes: [{slug: queer, title: Queer, keywords: [queer]}]",
        b"themes: [{slug: queer, title: Queer, keywords: [{name: queer, id: many}]}]",
        b"themes: [{slug: queer, title: Queer, keywords: [], colour: pink}]",
        b"themes: [{slug: a, title: A, keywords: []}, {slug: a, title: B, keywords: []}]",
        b"themes: !!python/object/apply:os.getcwd []",
    ],
)
def test_a_wrong_file_is_one_sentence_that_names_it(text: bytes) -> None:
    with pytest.raises(ThemesError) as refused:
        parse_themes(text, source="mine.yaml")

    sentence = str(refused.value)
    assert sentence.startswith("mine.yaml ")
    assert "\n" not in sentence
    assert sentence.endswith(".")
