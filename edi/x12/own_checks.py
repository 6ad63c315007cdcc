"""What pyx12 does not see or names wrongly in one segment: formatted dates, repetitions, composites, syntax rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from edi.x12.tokens import Delimiters, Segment
from edi.x12.verdicts import ElementError

_DATE_FORMATS = {"D8": 1, "RD8": 2, "DT": 1}


def check_formatted_date(segment: Segment) -> list[ElementError]:
    """DTM06 judged by the format that DTM05 names: D8 is CCYYMMDD, RD8 two of them with a hyphen (X12 element 1250)."""
    if segment.id != "DTM" or segment.get(5) not in _DATE_FORMATS or not segment.get(6):
        return []
    value = segment.get(6)
    dates = value[:8] if segment.get(5) == "DT" else value
    parts = dates.split("-") if segment.get(5) == "RD8" else [dates]
    if len(parts) == _DATE_FORMATS[segment.get(5)] and all(is_date(part) for part in parts):
        return []
    return [ElementError(6, 0, "1251", "8", value, f"DTM06 {value!r} is not a date in the format {segment.get(5)}")]


def is_date(text: str) -> bool:
    """Whether the text is a day as CCYYMMDD."""
    if len(text) != 8 or not text.isdecimal():
        return False
    try:
        dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def check_repetitions(segment: Segment, delimiters: Delimiters) -> list[ElementError]:
    """No element of our sets repeats, so the repetition separator in one is one value too many (AK403 12)."""
    if not delimiters.repetition:
        return []
    return [
        ElementError(n, 0, "", "12", value, f"{segment.id}{n:02d} holds more than one value")
        for n, value in enumerate(segment.elements[1:], 1)
        if delimiters.repetition in value
    ]


def check_composites(segment: Segment, node: Any, delimiters: Delimiters) -> list[ElementError]:
    """Composites with more components than they have (pyx12 breaks on them)."""
    found = []
    for child in node.children:
        value = segment.get(child.seq)
        if child.is_composite() and value.count(delimiters.component) >= child.get_child_count():
            text = f"{segment.id}{child.seq:02d} has more than {child.get_child_count()} components"
            found.append(ElementError(child.seq, 0, "", "3", value, text))
    return found


def check_syntax(segment: Segment, node: Any) -> list[ElementError]:
    """Broken syntax rules with the exact element: 2 for a missing one, 10 for one that excludes another."""
    found = []
    for rule in node.syntax:
        positions = [int(p) for p in rule[1:]]
        for position, code in broken_rule(rule[0], positions, [bool(segment.get(p)) for p in positions]):
            child = node.children[position - 1]
            rest = ", ".join(f"{segment.id}{p:02d}" for p in positions if p != position)
            words = "cannot stand together with" if code == "10" else "is required because of"
            reference = "" if child.is_composite() else child.data_ele or ""
            text = f"{segment.id}{position:02d} {words} {rest}"
            trigger = next((p for p in positions if p != position and segment.get(p)), 0)
            found.append(ElementError(position, 0, reference, code, segment.get(position), text, trigger))
    return found


def broken_rule(kind: str, positions: list[int], present: list[bool]) -> list[tuple[int, str]]:
    """The positions that break one syntax rule, each with its AK403: 2 missing, 10 too many (X12.6 syntax notes)."""
    missing = [p for p, there in zip(positions, present, strict=True) if not there]
    if kind == "P" and any(present):
        return [(p, "2") for p in missing]
    if kind == "C" and present[0]:
        return [(p, "2") for p in missing]
    if kind == "R" and not any(present):
        return [(positions[0], "2")]
    if kind == "L" and present[0] and not any(present[1:]):
        return [(positions[1], "2")]
    if kind == "E":
        return [(p, "10") for p, there in zip(positions, present, strict=True) if there][1:]
    return []
