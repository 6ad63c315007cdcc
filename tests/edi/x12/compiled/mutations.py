"""Damages transaction sets in every way that a partner's program, or somebody who means harm, could."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from edi.x12.segments import Elements
from tests.edi.x12.compiled.growing import EVERY_MAP, grow

_VALUES = (
    "", " ", "0", "1", "-", ".", "-.5", "5.", "+5", "1E3", "00", "ZZ", "zz", "X" * 4, "X" * 81, "9" * 20, "é", "A^B",
    "`", "20260229", "20240229", "19000229", "20001301", "17991231", "990101", "2561", "235960", "12345", "1234567", 
    "A>B", ">", ">>", "A>B>C>D>E>F>G>H", "A*B", "*", "~", "A~", "\n", "A\nB", "\x1f", "A\x1fB", "\x1e", "\x00", "\x07",
    "\x7f", "\x85", "\u00a0", "A ", "  A  ", "D8", "RD8", "20260101-20260131", "20260101-2026-01", "EA",
    "UP", "S", "O", "I", "1²",
)  # fmt: skip
Change = Callable[[list[Elements], Random], None]


def drop(rows: list[Elements], chance: Random) -> None:
    """A segment less."""
    del rows[chance.randrange(len(rows))]


def double(rows: list[Elements], chance: Random) -> None:
    """A segment twice, or far more often than any limit."""
    at = chance.randrange(len(rows))
    rows[at:at] = [list(rows[at]) for _ in range(chance.choice((1, 1, 1, 2, 5, 26)))]


def swap(rows: list[Elements], chance: Random) -> None:
    """Two segments in each other's place."""
    one, two = chance.randrange(len(rows)), chance.randrange(len(rows))
    rows[one], rows[two] = rows[two], rows[one]


def move(rows: list[Elements], chance: Random) -> None:
    """A segment, or some in a row, somewhere else."""
    at = chance.randrange(len(rows))
    some = rows[at : at + chance.randint(1, 4)]
    del rows[at : at + len(some)]
    to = chance.randrange(len(rows) + 1)
    rows[to:to] = some


def insert(rows: list[Elements], chance: Random) -> None:
    """A segment of any set."""
    other = grow(*chance.choice(EVERY_MAP), Random(chance.randrange(50)))
    strange = chance.choice(
        (["ZZZ", "1"], ["LIN"], ["HL", "1", "", "S"], ["LS", "LDT"], ["n1", "ST"], [""], ["ST"], ["SE"])
    )
    rows.insert(chance.randrange(len(rows) + 1), list(chance.choice((chance.choice(other), strange))))


def change(rows: list[Elements], chance: Random) -> None:
    """Another value in an element."""
    row = chance.choice(rows)
    row[chance.randrange(1 if len(row) > 1 else 0, len(row))] = chance.choice(_VALUES)


def swap_values(rows: list[Elements], chance: Random) -> None:
    """The value of another element: right somewhere, perhaps not here."""
    row, other = chance.choice(rows), chance.choice(rows)
    if len(row) > 1 and len(other) > 1:
        row[chance.randrange(1, len(row))] = other[chance.randrange(1, len(other))]


def lengthen(rows: list[Elements], chance: Random) -> None:
    """A longer value."""
    row = chance.choice(rows)
    at = chance.randrange(len(row))
    row[at] += (row[at][-1:] or "1") * chance.choice((1, 2, 9, 80))


def shorten(rows: list[Elements], chance: Random) -> None:
    """A shorter value."""
    row = chance.choice(rows)
    at = chance.randrange(len(row))
    row[at] = row[at][: -chance.randint(1, 3)]


def empty(rows: list[Elements], chance: Random) -> None:
    """An element without a value."""
    row = chance.choice(rows)
    if len(row) > 1:
        row[chance.randrange(1, len(row))] = ""


def extend(rows: list[Elements], chance: Random) -> None:
    """Elements more, with or without values."""
    row = chance.choice(rows)
    row += [chance.choice(_VALUES) for _ in range(chance.choice((1, 1, 2, 20)))]


def cut(rows: list[Elements], chance: Random) -> None:
    """A segment that ends early."""
    row = chance.choice(rows)
    del row[chance.randint(1, len(row)) :]


CHANGES: tuple[Change, ...] = (
    drop, double, swap, move, insert, change, change, change, swap_values, lengthen, shorten, empty, empty, extend, cut,
)  # fmt: skip
