from benchmarks.proofs.sampling import Sample, halves


def sample(seconds: float, films: int) -> Sample:
    return Sample(seconds, cpu_seconds=0, megabytes=0, most_megabytes=0, films=films)


def test_halves_are_of_the_films_whatever_comes_before_and_after() -> None:
    samples = [sample(0, 0), sample(10, 0), sample(20, 50), sample(40, 100), sample(90, 100)]

    assert halves(samples, "seconds") == (20, 40)


def test_halves_that_no_sample_hits_are_set_in_proportion() -> None:
    samples = [sample(0, 0), sample(30, 75), sample(50, 100)]

    assert halves(samples, "seconds") == (40, 80)
