import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.transforms.matching import normalised_title

letters = st.text(st.characters(categories=["L"]), min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WALL·E", "WALL-E"),
        ("Amélie", "AMELIE"),
        ("Léon: The Professional", "Leon - The Professional"),
        ("Birdman or (The Unexpected Virtue of Ignorance)", "Birdman or The Unexpected Virtue of Ignorance"),
        ("8½", "8 1/2"),
        ("M*A*S*H", "MASH"),
        ("Mission: Impossible \N{EN DASH} Fallout", "Mission: Impossible - Fallout"),
        ("Face/Off", "Face Off"),
        ("(500) Days of Summer", "500 Days of Summer"),
        ("Ocean\N{RIGHT SINGLE QUOTATION MARK}s Eleven", "Ocean's Eleven"),
        ("Thelma & Louise", "Thelma and Louise"),
        ("Alien³", "Alien 3"),
        ("[REC]²", "[Rec] 2"),
        ("tick, tick... BOOM!", "tick, tick...BOOM!"),
        ("Tick, Tick… Boom!", "tick, tick...BOOM!"),
        ("10,000 BC", "10000 BC"),
        ("E.T. the Extra-Terrestrial", "ET The Extra Terrestrial"),
        ("Kick\N{HYPHEN}Ass", "Kick-Ass"),
        ("Hawai\N{MODIFIER LETTER TURNED COMMA}i", "Hawai'i"),
        ("Superman™", "Superman"),
        ("Ødipussi", "Odipussi"),
        ("Das weiße Band", "DAS WEISSE BAND"),
        ("Ærlige løgne", "Aerlige logne"),
        ("Pożegnanie z Łodzią", "Pozegnanie z Lodzia"),
        ("Ёлки", "елки"),
        ("Брат  2", "БРАТ 2"),
        ("\u1112\u1161\u11ab", "\ud55c"),  # a Korean syllable by its letters, as some systems write it
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}kira", "Akira"),
        ("  The\tMatrix\n", "The Matrix"),
    ],
)
def test_the_same_title_written_otherwise_is_the_same(one: str, other: str) -> None:
    assert normalised_title(one) == normalised_title(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Se7en", "Seven"),
        ("The Thing", "Thing"),
        ("Rocky II", "Rocky 2"),
        ("Brat", "Брат"),
        ("기생충", "괴물"),
        ("か", "が"),  # no accent, another letter
        ("$", "!!!"),
        ("2:22", "222"),
        ("Antichrist", "The Antichrist"),
        ("Alien", "Aliens"),
        ("राम", "रम"),
    ],
)
def test_other_titles_stay_apart(one: str, other: str) -> None:
    assert normalised_title(one) != normalised_title(other)


@pytest.mark.parametrize("title", ["$", "!!!", "…", "기생충", "千と千尋の神隠し", "अंधाधुन", "42"])
def test_a_title_without_case_or_accents_stays_itself(title: str) -> None:
    assert normalised_title(title) == title


@given(st.text())
def test_a_normalised_title_is_normal(title: str) -> None:
    once = normalised_title(title)

    assert normalised_title(once) == once


@given(st.text())
def test_only_a_blank_title_is_empty(title: str) -> None:
    assert bool(normalised_title(title)) is bool(title.strip())


@given(st.lists(letters, min_size=1), st.sampled_from([" ", " - ", ": ", ", ", "! ", " (", "… "]))
def test_what_stands_between_words_does_not_count(words: list[str], between: str) -> None:
    assert normalised_title(between.join(words)) == normalised_title(" ".join(words))
