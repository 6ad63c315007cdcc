"""One pattern for the values of an element: its type, its length and its codes (X12.6 data element types)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pyx12.segment

SEPARATOR, COMPONENT = "\x1f", "\x1e"
"""Stand between elements and between components while a segment is matched; no value that is clean holds them."""

_TEXT = r"[^\x00-\x1f\x7f-\x9f]"
"""What text may hold: `edi.x12.pyx12_walk` tolerates every printable character, and blanks at its end."""
_CODE = {"00401": r"!-\]_a-}~", "00501": r"!-~"}
"""The extended character set without the blank: the older one lacks ^ and the backtick."""
_MONTH_DAY = r"(?:(?:0[13578]|1[02])(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)(?:0[1-9]|[12]\d|30)|02(?:0[1-9]|1\d|2[0-8]))"
_LEAP = r"(?:0[48]|[2468][048]|[13579][26])"
_DATE_6 = rf"(?:\d\d{_MONTH_DAY}|(?:{_LEAP}|00)0229)"
_CENTURY = r"(?:1[89]|[2-9]\d)"
_DATE_8 = rf"(?:{_CENTURY}\d\d{_MONTH_DAY}|(?:{_CENTURY}{_LEAP}|(?:[2468][048]|[3579][26])00)0229)"
_TIME = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?"
_NOTHING = r"(?!)"


def value_pattern(node: Any) -> str:
    """The pattern of every value that pyx12 and our own checks surely accept in an element; it never takes "".

    What cannot be told by a pattern matches nothing, so that pyx12 decides.
    """
    codes = _codes(node)
    if node.rec is not None or _has_format(node):
        return _NOTHING
    if codes is not None:
        return _alternatives([c for c in codes if c and node.is_valid_errors(pyx12.segment.Element(c))[0]])
    kind, shortest, longest = str(node.get_data_type()), max(int(node.min_len), 1), int(node.max_len)
    if longest < shortest:
        return _NOTHING
    if kind == "AN":
        return f"{_TEXT}{{{shortest},{longest}}}"
    if kind == "ID":
        characters = _CODE["00501" if node.root.icvn == "00501" else "00401"]
        return f"[ {characters}]{{{shortest - 1},{longest - 1}}}[{characters}]"
    if kind.startswith("N"):
        return rf"-?\d{{{shortest},{longest}}}"
    if kind == "R":
        size = rf"[\d.]{{{shortest + 1},{longest + 1}}}(?![\d.])"
        return rf"-?(?:\d{{{shortest},{longest}}}|(?={size})\d*\.\d+)"
    if kind == "DT":
        return _alternation(p for n, p in ((6, _DATE_6), (8, _DATE_8)) if shortest <= n <= longest)
    if kind == "TM":
        return rf"(?=\d{{{shortest},{longest}}}(?!\d)){_TIME}"
    return _NOTHING


def composite_pattern(node: Any) -> str:
    """The pattern of a composite that is not empty, its components in order; those at the end may be left out."""
    return _sequence(node.children, COMPONENT, first=True)


def segment_pattern(node: Any) -> str:
    """The pattern of a whole segment, id first, elements behind separators; those at the end may be left out."""
    return re.escape(str(node.id)) + _sequence(node.children, SEPARATOR, first=False)


def _sequence(children: list[Any], separator: str, *, first: bool) -> str:
    tail, needed = "", False
    for index in range(len(children) - 1, -1, -1):
        child = children[index]
        if child.seq != index + 1:
            return _NOTHING
        one = ("" if first and index == 0 else separator) + _slot(child)
        needed = needed or child.usage == "R" or (first and index == 0)
        tail = one + tail if needed else f"(?:{one}{tail})?"
    return tail


def _slot(child: Any) -> str:
    if child.usage not in ("R", "S"):
        return ""
    pattern = composite_pattern(child) if child.is_composite() else value_pattern(child)
    return f"(?:{pattern})" if child.usage == "R" else f"(?:{pattern})?"


def _codes(node: Any) -> set[str] | None:
    """Every code of the element, its own and those of the lists of the release; None where any value may stand."""
    if not node.valid_codes and node.external_codes is None:
        return None
    known = node.root.ext_codes.codes.get(node.external_codes, {"codes": ()})
    return {code for code in (*node.valid_codes, *known["codes"]) if code}


def _has_format(node: Any) -> bool:
    """Whether pyx12 judges the element by a format that another element names: DTP03, and 1251 after inline 1250."""
    if node.parent.is_composite() or node.data_ele != "1251":
        return False
    others = node.parent.children
    return node.parent.id == "DTP" or any(
        not c.is_composite() and c.data_ele == "1250" and c.valid_codes for c in others
    )


def _alternatives(codes: list[str]) -> str:
    """The codes as one pattern, sharing their beginnings: lists of units have hundreds."""
    return _tree(sorted(codes)) if codes else _NOTHING


def _tree(codes: list[str]) -> str:
    branches: dict[str, list[str]] = {}
    for code in codes:
        branches.setdefault(code[:1], []).append(code[1:])
    singles = "".join(re.escape(c) for c, rest in branches.items() if c and rest == [""])
    found = [f"[{singles}]"] if singles else []
    found += [re.escape(c) + _tree(rest) for c, rest in branches.items() if c and rest != [""]]
    pattern = found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"
    return f"(?:{pattern})?" if "" in branches and found else pattern if found else ""


def _alternation(patterns: Iterable[str]) -> str:
    found = list(patterns)
    return f"(?:{'|'.join(found)})" if found else _NOTHING
