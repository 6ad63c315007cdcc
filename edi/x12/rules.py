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
    return _rules(release if release in RELEASES else RELEASES[0]).get((segment, position), "")


@lru_cache(maxsize=len(RELEASES))
def _rules(release: str) -> dict[tuple[str, int], str]:
    return {
        (name, element.position): _words(element)
        for name, definition in segments_of(release).items()
        for element in definition.elements
    }


def _words(element: Element) -> str:
    use = "mandatory" if element.mandatory else "optional"
    if element.composite:
        return f"composite {element.composite}, {use}"
    size = str(element.longest) if element.shortest == element.longest else f"{element.shortest} to {element.longest}"
    return f"element {element.number}, {_KINDS.get(element.kind, element.kind)} of {size}, {use}"
