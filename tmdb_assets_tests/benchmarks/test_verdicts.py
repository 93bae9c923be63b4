from benchmarks.proofs.verdicts import at_most, table


def test_a_figure_above_its_limit_fails() -> None:
    shown = table([at_most("soak", "MB", 599.6, 600), at_most("soak", "ratio", 1.16, 1.15, "{:.2f}")])

    assert shown.splitlines()[2:] == [
        "| soak | MB: at most 600 | 600 | pass |",
        "| soak | ratio: at most 1.15 | 1.16 | **FAIL** |",
    ]
