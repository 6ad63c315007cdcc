"""One document side by side: each segment as sent, in words, with what is wrong at it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edi.documents.wording import Row, decoded
from edi.x12.tokens import COMPONENT

_PLACE = re.compile(r"\b[Ss]egment (\d+)\b")


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A segment: `raw` as sent (with * and ~), `words`, the order line that it became and the findings about it."""

    position: int
    raw: str
    words: Row
    line_no: str
    findings: tuple[str, ...]


def marked_rows(
    segments: Sequence[Sequence[Any]], findings: Sequence[str], lines: Mapping[str, int], *, release: str = ""
) -> tuple[list[MarkedRow], list[str]]:
    """The segments with their findings, and the findings that name no segment (or one that is not there)."""
    at: dict[int, list[str]] = {}
    loose = []
    for text in findings:
        place = _PLACE.search(str(text))
        if place and 1 <= int(place[1]) <= len(segments):
            at.setdefault(int(place[1]), []).append(str(text))
        else:
            loose.append(str(text))
    numbers = {position: line_no for line_no, position in lines.items()}
    rows = [
        MarkedRow(
            row.position, _raw(segments[row.position - 1]), row,
            numbers.get(row.position, ""), tuple(at.get(row.position, ())),
        )
        for row in decoded([[str(v) for v in segment] for segment in segments], release=release)
    ]  # fmt: skip
    return rows, loose


def _raw(elements: Sequence[Any]) -> str:
    return "*".join(str(value).replace(COMPONENT, ">") for value in elements) + "~"
