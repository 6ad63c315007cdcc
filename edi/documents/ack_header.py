"""The code of a whole answer from those of its lines, and which lines it shows (X12 element 587)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeVar

from edi.documents.ack_lines import ACCEPTED, HELD, REJECTED, AckStatus

Detail = Literal["all", "exceptions", "none"]


class Answered(Protocol):
    """A line with what becomes of it."""

    @property
    def statuses(self) -> tuple[AckStatus, ...]:
        """Its parts."""
        ...


L = TypeVar("L", bound=Answered)

Verdict = Literal["accepted", "rejected", "held", "mixed"]
_CODES: dict[Verdict, dict[Detail, str]] = {
    "accepted": {"all": "AD", "exceptions": "AK", "none": "AT"},
    "rejected": {"all": "RD", "exceptions": "RD", "none": "RJ"},
    "held": {"all": "AH", "exceptions": "AH", "none": "AH"},
    "mixed": {"all": "AC", "exceptions": "AE", "none": "AC"},
}


def header_code(lines: Sequence[Answered], detail: Detail = "all") -> str:
    """BAK02 or BCA02: AD, AK or AT where all is accepted as ordered, RD or RJ where all is rejected, AH where all is
    held, AC or AE for anything between.
    """
    return code_of(_verdict(lines), detail)


def code_of(verdict: Verdict, detail: Detail = "all") -> str:
    """The code of a whole answer by its verdict."""
    return _CODES[verdict][detail]


def shown_lines(lines: Sequence[L], detail: Detail = "all") -> tuple[L, ...]:
    """The lines that the answer lists: with AK, AT and RJ none, with AE those that are not simply accepted."""
    return lines_under(header_code(lines, detail), lines)


def lines_under(code: str, lines: Sequence[L]) -> tuple[L, ...]:
    """The lines that an answer with this code lists."""
    if code in ("AK", "AT", "RJ"):
        return ()
    if code == "AE":
        return tuple(line for line in lines if {s.code for s in line.statuses} - ACCEPTED)
    return tuple(lines)


def _verdict(lines: Sequence[Answered]) -> Verdict:
    codes = {status.code for line in lines for status in line.statuses}
    if codes <= ACCEPTED:
        return "accepted"
    if codes <= REJECTED:
        return "rejected"
    return "held" if codes <= HELD else "mixed"
