"""Reads the compact notation of `sets` and `segments` into trees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

UNLIMITED = ">1"
_USE = re.compile(r"^(\w+) ([MO])(>1|\d+)$")
_PAIRS = re.compile(r"^(\d+)-(\d+) (\d+)x\((.+)\) ([MO])$")
_TYPE = re.compile(r"^(ID|AN|DT|TM|R|N\d?)\(?(\d+)(?:-(\d+))?\)?$")


@dataclass(slots=True)
class Use:
    """One segment at its place in a set; with children it opens a loop."""

    segment: str
    mandatory: bool
    maximum: str
    children: list[Use] = field(default_factory=list)

    def child(self, segment: str) -> Use:
        """The child that starts with `segment`. Raises KeyError when there is none."""
        for use in self.children:
            if use.segment == segment:
                return use
        raise KeyError(f"{self.segment}/{segment}")


@dataclass(frozen=True, slots=True)
class SetTable:
    """One set: its `uses` in 004010 ("" none), and either what 005010 changes or the whole of it `anew`.

    `added` holds paths with use, `PO1/SLN/MEA O>1 before TC2`; without `before` they close their loop. An added MTX
    takes the place of a removed MSG, an IN2 follows N2. `changed` holds path, old and new maximum.
    """

    uses: str
    added: str = ""
    removed: str = ""
    changed: str = ""
    anew: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One element at its position; `composite` names a C table instead of a type."""

    position: int
    number: str
    mandatory: bool
    kind: str = ""
    shortest: int = 0
    longest: int = 0
    composite: str = ""


def read_set(text: str) -> list[Use]:
    """The tree of one set: `BEG M1, N1 O200 {N2 O2}`."""
    root = Use("", True, "1")
    stack, last = [root], root
    for word in re.findall(r"\w+ [MO](?:>1|\d+)|[{}]", text):
        if word == "{":
            stack.append(last)
        elif word == "}":
            stack.pop()
        else:
            last = read_use(word)
            stack[-1].children.append(last)
    return root.children


def read_use(text: str) -> Use:
    """One segment with usage and maximum: `N1 O200`."""
    match = _USE.match(text)
    if match is None:
        raise ValueError(f"not a segment use: {text!r}")
    return Use(match[1], match[2] == "M", match[3])


def read_elements(text: str) -> list[Element]:
    """The elements of one segment: `01 353 M ID2; 06-25 10x(235 ID2, 234 AN1-48) O`."""
    found: list[Element] = []
    for part in (p.strip() for p in text.split(";")):
        pairs = _PAIRS.match(part)
        if pairs is None:
            found.append(read_element(part))
            continue
        inner = [p.strip() for p in pairs[4].split(",")]
        start = int(pairs[1])
        for index in range(int(pairs[3]) * len(inner)):
            number, kind = inner[index % len(inner)].split()
            found.append(_typed(start + index, number, pairs[5] == "M", kind))
    return found


def read_element(text: str) -> Element:
    """One element: `03 324 M AN1-22`, or `04 O C001` for a composite."""
    words = text.split()
    if len(words) == 3 and words[2].startswith("C0"):
        return Element(int(words[0]), words[2], words[1] == "M", composite=words[2])
    if len(words) == 3 and words[1] == "M" and words[2].startswith("C"):
        return Element(int(words[0]), words[2], True, composite=words[2])
    if len(words) != 4:
        raise ValueError(f"not an element: {text!r}")
    return _typed(int(words[0]), words[1], words[2] == "M", words[3])


def _typed(position: int, number: str, mandatory: bool, kind: str) -> Element:
    match = _TYPE.match(kind)
    if match is None:
        raise ValueError(f"not a type: {kind!r}")
    name = match[1] if match[1] != "N" else "N0"
    shortest = int(match[2])
    return Element(position, number, mandatory, name, shortest, int(match[3] or shortest))
