"""Chaos, kills and runs at once in their long forms: more films, more seeds, all of the instants."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.proofs.verdicts import Verdict, at_most
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.proofs import chaos as wild
from tmdb_assets_tests.proofs.command_points import KILLED_COMMANDS
from tmdb_assets_tests.proofs.concurrency import runs_together
from tmdb_assets_tests.proofs.crash import Aftermath, killed_at, undisturbed
from tmdb_assets_tests.proofs.crash_points import CRASH_POINTS
from tmdb_assets_tests.proofs.killed_commands import FILMS, Commands

__all__ = ["chaos", "commands", "concurrency", "crash"]

_SEEDS = (1, 2, 3)
_ALL_YEARS = ("--years", "1874-2020", "--min-votes", "0")
_BUDGET = 38
_KILLS_OF_EACH = 3
Say = Callable[[str], object]


def chaos(folder: Path, films_file: Path, say: Say) -> list[Verdict]:
    """All of the real films, with several seeds."""
    calm = wild.run(folder / "calm", *_ALL_YEARS, films_file=films_file)
    verdicts: list[Verdict] = []
    for seed in _SEEDS:
        say(f"chaos: seed {seed}")
        run = wild.run(
            folder / str(seed), *_ALL_YEARS, films_file=films_file, faults=wild.faults(), seed=seed
        )
        films = len(calm.tables["movie_details"])
        name = f"chaos, {films:,} films, {run.faulty_share:.0%} faults, seed {seed}"
        different = [table for table, rows in calm.tables.items() if run.tables.get(table) != rows]
        verdicts += [
            Verdict(name, "tables equal to those of a run without faults", _named(different), not different),
            at_most(name, "films asked again after a whole answer", run.stats["repeated_details"], 0),
        ]
    return verdicts


def crash(folder: Path, say: Say) -> list[Verdict]:
    """Kill at each of the instants and the two after it; then at all of them, one after the other."""
    expected = undisturbed(folder / "undisturbed")
    chains = [CRASH_POINTS[number : number + _KILLS_OF_EACH] for number in range(len(CRASH_POINTS))]
    found: list[Aftermath] = []
    for number, chain in enumerate([*chains, CRASH_POINTS]):
        say(f"crash: {number + 1} of {len(chains) + 1}, from {chain[0]}")
        found.append(killed_at(chain, folder / str(number)))
    kills = sum(len(each.kills) for each in found)
    missed = [
        str(chain[len(each.kills)])
        for chain, each in zip([*chains, CRASH_POINTS], found, strict=True)
        if len(each.kills) < len(chain)
    ]
    name = f"crash, {len(found)} chains, {kills} kills"
    different = [str(each.kills[0]) for each in found if each.kills and each.tables != expected]
    temporary = [file for each in found for file in each.temporary]
    uncommitted = [file for each in found for file in each.uncommitted]
    broken = [each.says for each in found if each.returncode or not each.is_state_whole]
    return [
        Verdict(name, "every instant of each chain is hit", _named(missed), not missed),
        Verdict(name, "tables equal to those of a run undisturbed", _named(different), not different),
        at_most(name, "films with an ok answer asked again", sum(len(each.asked_again) for each in found), 0),
        Verdict(name, "no temporary files left", _named(temporary), not temporary),
        Verdict(name, "no file of the lake left by upkeep", _named(uncommitted), not uncommitted),
        Verdict(name, "limiter and state usable", _named(broken), not broken),
    ]


def commands(folder: Path, say: Say) -> list[Verdict]:
    """Kill each command at each of its instants, and give it again."""
    verdicts: list[Verdict] = []
    with FakeTMDB(films=FILMS) as fake:
        killed = Commands(folder, fake)
        for name, command in KILLED_COMMANDS.items():
            say(f"commands: {name}")
            found = {str(point): killed.killed_at(name, point) for point in command.points}
            different = [at for at, each in found.items() if each.rows != each.expected]
            lost = [at for at, each in found.items() if each.rebuilt != each.rows]
            wrong = [
                at
                for at, each in found.items()
                if each.returncode or each.temporary or each.uncommitted or not each.is_state_whole
            ]
            missed = [at for at, each in found.items() if not each.was_killed]
            named = f"{name}, killed at {len(found) - len(missed)} instants and given again"
            verdicts += [
                Verdict(named, "every instant is hit", _named(missed), not missed),
                Verdict(named, "tables equal to those undisturbed", _named(different), not different),
                Verdict(named, "the journal alone makes the same", _named(lost), not lost),
                Verdict(named, "ends well, and leaves no file", _named(wrong), not wrong),
            ]
    return verdicts


def concurrency(folder: Path, films_file: Path, say: Say) -> list[Verdict]:
    """Four runs over overlapping years of the real films beside a reader, at the budget of every day."""
    say("concurrency")
    years = ("2000-2004", "2002-2006", "2004-2008", "2000-2008")
    run = runs_together(
        folder, years, "2000-2008", requests_per_second=_BUDGET, films_file=films_file, latency_ms=80
    )
    name = f"concurrency, {len(years)} runs, {len(run.tables['movie_details']):,} films"
    different = [table for table, rows in run.alone.items() if run.tables.get(table) != rows]
    errors = [*run.reader_errors, *(["a lock error"] if run.has_lock_error else [])]
    errors += [text for text, code in zip(run.says, run.returncodes, strict=True) if code]
    is_monotonic = run.film_counts == sorted(run.film_counts)
    return [
        Verdict(name, "tables equal to those of one run", _named(different), not different),
        Verdict(name, "no error, of locks or otherwise", _named(errors), not errors),
        Verdict(name, "no older snapshot over a newer", f"{len(run.film_counts)} reads", is_monotonic),
        at_most(name, "films asked twice", run.asked_twice, 0),
        at_most(name, f"arrivals in any second at {_BUDGET}", run.peak_per_second, _BUDGET + 2),
    ]


def _named(what: list[str]) -> str:
    return "none is otherwise" if not what else ", ".join(text.strip()[-200:] for text in what[:3])
