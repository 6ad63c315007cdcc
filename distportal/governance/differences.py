"""What two versions of a rule have otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One value: what it is called, what it was and what it is; empty where it was or is not there."""

    name: str
    was: str
    becomes: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """By name; options inside a field are told one by one: `options.copies`."""
    left, right = _flat(old), _flat(new)
    return [
        Difference(name, left.get(name, ""), right.get(name, ""))
        for name in sorted(left.keys() | right.keys())
        if left.get(name, "") != right.get(name, "")
    ]


def _flat(values: Mapping[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[before + name] = _words(value)
    return found


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    return "" if value is None else str(value)
