"""An object of names and values as lines that people can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an object for reading: a name and a text; a heading has no text."""

    name: str
    text: str
    depth: int


def entries(content: Any) -> list[Entry]:
    """An object as lines to read; what is empty is left out, `items` and the like become sub-lists."""
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
