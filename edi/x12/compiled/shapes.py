"""What one segment must look like: a pattern for its elements, and its syntax rules by which elements are present."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from edi.x12.compiled.values import segment_pattern
from edi.x12.own_checks import broken_rule

OPEN = "0"
"""The data element of segments whose elements our maps leave open."""

_compiled = cache(re.compile)
Rules = tuple[tuple[str, tuple[int, ...]], ...]


class Shape(NamedTuple):
    """`matches` proves the elements of a segment; `keeps`, where there are syntax rules, proves those by presence."""

    matches: Callable[[str], Any] | None
    keeps: Callable[[bytes], bool] | None


def shape_of(node: Any) -> Shape:
    """The shape of a segment of a map; one that our maps leave open matches anything."""
    if node.children and node.children[0].data_ele == OPEN:
        return Shape(None, None)
    rules: Rules = tuple((rule[0], tuple(int(p) for p in rule[1:])) for rule in node.syntax)
    keeps = lru_cache(maxsize=4096)(partial(_keeps, rules)) if rules else None
    return Shape(_compiled(segment_pattern(node), re.ASCII).fullmatch, keeps)


def _keeps(rules: Rules, presence: bytes) -> bool:
    """Whether no rule is broken; `presence` has one byte for each element, the id first."""
    for kind, positions in rules:
        there = [p < len(presence) and bool(presence[p]) for p in positions]
        if broken_rule(kind, list(positions), there):
            return False
    return True
