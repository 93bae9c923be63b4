from tmdb_assets.commands.plain import plain
from tmdb_assets.commands.sql import as_text


def test_a_title_cannot_steer_the_terminal() -> None:
    assert plain("Alien\x1b[2J\x9b1m\r\tAmélie\n") == "Alien\ufffd[2J\ufffd1m\ufffd\ufffdAmélie\n"


def test_a_table_that_does_not_fit_is_lines() -> None:
    names = [f"column_{number}" for number in range(20)]

    text = as_text(names, [tuple(range(20)), tuple(range(20))], width=80)

    assert text.splitlines()[0] == "column_0   0"
    assert text.count("\n\n") == 1


def test_a_table_that_fits_is_as_wide_as_the_terminal() -> None:
    text = as_text(["title", "votes"], [("word " * 40, 1)], width=60)

    assert all(len(line) <= 60 for line in text.splitlines())
    assert "votes" in text.splitlines()[1]
