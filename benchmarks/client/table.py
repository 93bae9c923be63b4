"""The tables, in Markdown: figures with how many times ours they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.client.summary import Check, Summary

__all__ = ["page"]

_SYNC = (
    ("CPU s/1,000, 20 threads", "at_once_20.cpu", "{:.2f}"),
    ("CPU s/1,000, one by one", "at_once_1.cpu", "{:.2f}"),
    ("requests/s at 0 ms, 20 threads", "at_once_20.rate", "{:,.0f}"),
    ("requests/s at 0 ms, one by one", "at_once_1.rate", "{:,.0f}"),
    ("at 50 ms, 20 threads", "after_50_ms_20.rate", "{:,.0f}"),
    ("at 50 ms, one by one", "after_50_ms_1.rate", "{:,.1f}"),
    ("decode ms/1,000", "decode_ms", "{:,.0f}"),
    ("peak MB", "peak_mb", "{:,.0f}"),
)
_ASYNC = (
    ("CPU s/1,000", "at_once_20.cpu", "{:.2f}"),
    ("requests/s at 0 ms", "at_once_20.rate", "{:,.0f}"),
    ("requests/s at 50 ms", "after_50_ms_20.rate", "{:,.0f}"),
    ("decode ms/1,000", "decode_ms", "{:,.0f}"),
    ("peak MB", "peak_mb", "{:,.0f}"),
)


def page(of_all: Sequence[Summary], checks: Iterable[Check], about: Mapping[str, Any]) -> str:
    """Return the tables, what is required, and what was measured where."""
    sync = [summary for summary in of_all if summary.client.kind == "sync"]
    awaited = [summary for summary in of_all if summary.client.kind == "async"]
    parts = [
        _about(about),
        _speed("Sync clients", sync, _SYNC),
        _speed("Async clients, 20 in flight", awaited, _ASYNC),
        _limited(of_all),
        "\n".join(["### Required", "", *(f"- {check}" for check in checks)]),
        _notes(of_all),
    ]
    return "\n\n".join(part for part in parts if part)


def _speed(title: str, of_kind: Sequence[Summary], columns: Sequence[tuple[str, str, str]]) -> str:
    if not of_kind:
        return ""
    ours = next((summary.figures for summary in of_kind if summary.client.role == "ours"), {})
    lines = [
        f"### {title}",
        "",
        _line(["client", *(head for head, _, _ in columns)]),
        _rule(len(columns)),
    ]
    for summary in of_kind:
        if not summary.figures:
            cells = [f"failed: {summary.failure}", *[""] * (len(columns) - 1)]
        else:
            cells = [_cell(summary.figures.get(name), ours.get(name), form) for _, name, form in columns]
        lines.append(_line([_title(summary), *cells]))
    return "\n".join(lines)


def _limited(of_all: Sequence[Summary]) -> str:
    heads = ["client", "films of 400", "429s", "seconds", "what it raised"]
    lines = ["### The limited server: 40 requests a second, 60 ms, 400 films, 20 in flight", ""]
    lines += [_line(heads), "|---|---:|---:|---:|---|"]
    for summary in of_all:
        values = [summary.figures.get(f"limited.{name}") for name in ("films", "refused", "seconds")]
        forms = ("{:.0f}", "{:.0f}", "{:.2f}")
        cells = [
            "-" if value is None else form.format(value) for value, form in zip(values, forms, strict=True)
        ]
        title = f"{_title(summary)} ({summary.client.kind})"
        lines.append(_line([title, *cells, summary.errors or (summary.failure if values[0] is None else "")]))
    return "\n".join(lines)


def _about(about: Mapping[str, Any]) -> str:
    lines = [f"- {name}: {value}" for name, value in about.items()]
    return "\n".join(lines)


def _notes(of_all: Sequence[Summary]) -> str:
    notes = [f"- {summary.client.title}: {summary.client.note}." for summary in of_all if summary.client.note]
    wrong = [
        f"- {summary.client.title} gave {count:.0f} answers of other films with 20 in flight."
        for summary in of_all
        if (count := summary.figures.get("at_once_20.wrong", 0) + summary.figures.get("limited.wrong", 0))
    ]
    failed = [
        f"- {summary.client.title} ({summary.client.kind}) gave no figures in {summary.failed_rounds} "
        f"of the rounds: {summary.failure}"
        for summary in of_all
        if summary.figures and summary.failed_rounds
    ]
    lines = [*notes, *wrong, *failed]
    return "\n".join(["### How each was used", "", *lines]) if lines else ""


def _cell(value: float | None, ours: float | None, form: str) -> str:
    if value is None:
        return "-"
    text = form.format(value)
    return text if not ours or value == ours else f"{text} ({value / ours:.2g}x)"


def _title(summary: Summary) -> str:
    return summary.client.title


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(figures: int) -> str:
    return f"|---|{'---:|' * figures}"
