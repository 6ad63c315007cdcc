"""The one table of `make bench`: what each part found, as times of something else that the same run measured."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

INTO = "BENCH_FIGURES"
"""The environment names the file that gets what a part found, where all parts make one table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`what` cost or did `ratio` times what `against` did; an aim is the most or the least that it may be."""

    what: str
    against: str
    ratio: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether it is within its aim; None where it has none."""
        if self.at_most is None and self.at_least is None:
            return None
        within = self.at_most is None or self.ratio <= self.at_most
        return within and (self.at_least is None or self.ratio >= self.at_least)

    @property
    def aim(self) -> str:
        """The aim in words."""
        if self.at_most is not None:
            return f"at most {_shown(self.at_most)}"
        return f"at least {_shown(self.at_least)}" if self.at_least is not None else ""


def tell(figures: Iterable[Figure]) -> None:
    """The table of all parts gets them, where one is made."""
    if into := os.environ.get(INTO):
        with Path(into).open("a") as file:
            file.writelines(json.dumps(asdict(figure)) + "\n" for figure in figures)


def told_in(path: Path) -> list[Figure]:
    """What a part has told."""
    return [Figure(**json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def dearest(figures: Sequence[Figure], *, of: str) -> list[Figure]:
    """Of many figures that have one aim those that miss it; the greatest in any case, said to be the dearest `of`."""
    most = max(figures, key=lambda figure: figure.ratio)
    name = f"{most.what} (the dearest of {len(figures)} {of})"
    first = Figure(what=name, against=most.against, ratio=most.ratio, at_most=most.at_most)
    return [first, *(figure for figure in figures if figure.met is False and figure is not most)]


def as_table(found: dict[str, list[Figure]]) -> list[str]:
    """The lines of the table, parts in their order, as Markdown."""
    rows = [("part", "what", "ratio", "against", "aim", "met")]
    words = {True: "yes", False: "NO", None: ""}
    for part, figures in found.items():
        rows += [(part, f.what, f"{_shown(f.ratio)} x", f.against, f.aim, words[f.met]) for f in figures]
    widths = [max(len(row[at]) for row in rows) for at in range(6)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
