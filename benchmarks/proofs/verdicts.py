"""What was required and what was found, in a table; no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Verdict", "at_most", "table"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that a proof requires, what was found, and whether it holds."""

    proof: str
    required: str
    found: str
    passed: bool


def at_most(proof: str, required: str, found: float, limit: float, form: str = "{:,.0f}") -> Verdict:
    """Return the verdict on a figure that must not be above a limit."""
    return Verdict(proof, f"{required}: at most {form.format(limit)}", form.format(found), found <= limit)


def table(verdicts: Iterable[Verdict]) -> str:
    """Return the table, in Markdown."""
    lines = ["| proof | required | found | |", "|---|---|---|---|"]
    for each in verdicts:
        verdict = "pass" if each.passed else "**FAIL**"
        lines.append(f"| {each.proof} | {each.required} | {each.found} | {verdict} |")
    return "\n".join(lines)
