"""One document side by side: each segment as sent, in words, with what is wrong at it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edi.ops.wording import Row, decoded
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a canonical object for reading: a name and a text; a heading has no text."""

    name: str
    text: str
    depth: int


def entries(content: Any) -> list[Entry]:
    """A canonical object as lines to read; what is empty is left out, `items` and the like become sub-lists."""
    return list(_entries(content, 0))


def _entries(content: Mapping[str, Any], depth: int) -> Sequence[Entry]:
    found: list[Entry] = []
    for key, value in content.items():
        name = key.replace("_", " ")
        if isinstance(value, Mapping):
            found += _nested(name, [value], depth)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            found += _nested(name, value, depth)
        elif isinstance(value, list):
            found += [Entry(name, str(text), depth) for text in value]
        elif value not in (None, "", False):
            found.append(Entry(name, str(value), depth))
    return found


def _nested(name: str, values: Sequence[Mapping[str, Any]], depth: int) -> list[Entry]:
    found = []
    for at, value in enumerate(values, 1):
        flat = [str(v) for v in value.values() if v not in (None, "", False)]
        if len(value) <= 3 and all(not isinstance(v, (list, Mapping)) for v in value.values()):
            found.append(Entry(name, " ".join(flat), depth))
            continue
        inside = list(_entries(value, depth + 1))
        if inside:
            found += [Entry(f"{name} {at}" if len(values) > 1 else name, "", depth), *inside]
    return found
