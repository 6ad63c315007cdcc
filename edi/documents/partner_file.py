"""A partner as a file: which differences two of them have, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "trading-partner/1"
KEYS: dict[str, tuple[str, ...]] = {
    "agreements": ("direction", "set_id"),
    "cross_references": ("kind", "theirs"),
    "deadlines": ("set_id", "valid_from"),
}
"""List in the file -> what tells its rows apart."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs; `old` or `new` is "" where there is nothing."""

    place: str
    old: str
    new: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What importing `new` over `old` changes, in the order of the file."""
    before, after = dict(_flat(old)), dict(_flat(new))
    places = [*after, *(place for place in before if place not in after)]
    return [
        Difference(place, before.get(place, ""), after.get(place, ""))
        for place in places
        if before.get(place, "") != after.get(place, "")
    ]


def _flat(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for head in ("partner", "mailbox"):
        for name, value in (data.get(head) or {}).items():
            yield f"{head}: {name}", _shown(value)
    for head, keys in KEYS.items():
        for row in data.get(head) or []:
            key = " ".join(str(row.get(name, "")) for name in keys)
            for name, value in row.items():
                if name not in keys or set(row) == set(keys):
                    yield f"{head} {key}: {name}", _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(one)}" for name, one in sorted(value.items()))
    return "" if value is None else str(value)
