import pytest

from tmdb_assets.transforms.years import YearsError, parse_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2015", range(2015, 2016)),
        ("2015-2026", range(2015, 2027)),
        (" 2015 - 2016 ", range(2015, 2017)),
        ("2015..2016", range(2015, 2017)),
        ("1874-1874", range(1874, 1875)),
        ("2030", range(2030, 2031)),
    ],
)
def test_years_are_read_as_people_write_them(text: str, years: range) -> None:
    assert parse_years(text, last=2030) == years


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("19x9", "19x9"),
        ("", "2015-2026"),
        ("99", "2015-2026"),
        ("20155", "2015-2026"),
        ("2015-", "2015-2026"),
        ("2015,2016", "2015-2026"),
        ("-2015", "2015-2026"),
        ("2015\n2016", "2015-2026"),
        ("2016-2015", "2015-2016"),
        ("1873", "1874"),
        ("2015-2031", "2030"),
        ("0000", "1874"),
    ],
)
def test_other_texts_are_refused_in_a_sentence_that_helps(text: str, named: str) -> None:
    with pytest.raises(YearsError) as refused:
        parse_years(text, last=2030)

    sentence = str(refused.value)
    assert named in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
