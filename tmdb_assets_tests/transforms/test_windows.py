import datetime as dt

from hypothesis import assume, given
from hypothesis import strategies as st

from tmdb_assets.transforms.windows import Window, halves, year_window


@given(st.dates(), st.dates())
def test_halves_cover_a_window_without_gap_or_overlap(one: dt.date, other: dt.date) -> None:
    assume(one != other)
    window = Window(min(one, other), max(one, other))

    early, late = halves(window)

    assert (early.start, late.end) == (window.start, window.end)
    assert late.start - early.end == dt.timedelta(days=1)
    assert early.start <= early.end
    assert late.start <= late.end


@given(st.integers(1874, 2100))
def test_a_year_that_is_halved_to_the_end_is_every_day_once(year: int) -> None:
    windows, days = [year_window(year)], list[dt.date]()

    while windows:
        window = windows.pop()
        if window.is_one_day:
            days.append(window.start)
        else:
            windows.extend(halves(window)[::-1])

    first = dt.date(year, 1, 1)
    assert days == [first + dt.timedelta(days=past) for past in range(len(days))]
    assert days[-1] == dt.date(year, 12, 31)
