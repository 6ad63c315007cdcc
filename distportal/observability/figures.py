"""Figures that each app adds to what monitoring reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One metric by its Prometheus name, with a value for each set of labels. A counter only grows."""

    name: str
    text: str
    samples: tuple[tuple[Mapping[str, str], float], ...]
    kind: Literal["gauge", "counter"] = "gauge"


Source = Callable[[], Iterable[Figure]]
_sources: dict[str, Source] = {}


def figure_source(name: str) -> Callable[[Source], Source]:
    """Register what gives figures at each scrape, in one or two queries."""

    def register(source: Source) -> Source:
        _sources[name] = source
        return source

    return register


def one(value: float) -> tuple[tuple[Mapping[str, str], float], ...]:
    """The samples of a figure without labels."""
    return (({}, value),)


def figures() -> list[Figure]:
    """All of them, in a fixed order."""
    return [figure for _, source in sorted(_sources.items()) for figure in source()]
