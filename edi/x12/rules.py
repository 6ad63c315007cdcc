"""What the standard asks of an element, in a few words for people."""

from __future__ import annotations

from functools import lru_cache

from edi.x12.catalog import RELEASES
from edi.x12.mapgen.notation import Element
from edi.x12.mapgen.release import segments_of

_KINDS = {
    "ID": "code",
    "AN": "text",
    "DT": "date",
    "TM": "time",
    "R": "number",
    "N0": "whole number",
    "N2": "amount in cents",
}


def element_rule(release: str, segment: str, position: int) -> str:
    """`element 355, code of 2, mandatory`; empty for an element our tables do not judge."""
    found = _elements(release).get((segment, position))
    return _words(found) if found else ""


def element_number(release: str, segment: str, position: int) -> str:
    """The number of the element in the standard's dictionary; empty for a composite and for one we do not judge."""
    found = _elements(release).get((segment, position))
    return found.number if found else ""


def _elements(release: str) -> dict[tuple[str, int], Element]:
    return _table(release if release in RELEASES else RELEASES[0])


@lru_cache(maxsize=len(RELEASES))
def _table(release: str) -> dict[tuple[str, int], Element]:
    return {
        (name, element.position): element
        for name, definition in segments_of(release).items()
        for element in definition.elements
    }


def _words(element: Element) -> str:
    use = "mandatory" if element.mandatory else "optional"
    if element.composite:
        return f"composite {element.composite}, {use}"
    size = str(element.longest) if element.shortest == element.longest else f"{element.shortest} to {element.longest}"
    return f"element {element.number}, {_KINDS.get(element.kind, element.kind)} of {size}, {use}"
