"""One story by correlation id: each app adds the steps it knows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened. `kind` picks the icon, `url` leads to the thing, `internal` hides it from dealers.

    `readers` are the staff groups that may open `url`; none named is everybody who sees the step.

    `key` names the step within the story and `parent` the step it came from, so that it can be read both ways.
    """

    at: dt.datetime
    kind: str
    title: str
    key: str
    parent: str = ""
    detail: str = ""
    url: str = ""
    state: str = ""
    internal: bool = False
    readers: frozenset[str] = frozenset()
    data: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[uuid.UUID], Iterable[Step]]
Linker = Callable[[uuid.UUID], Mapping[str, str]]
_providers: dict[str, Provider] = {}
_linkers: dict[str, Linker] = {}


def lineage_provider(name: str) -> Callable[[Provider], Provider]:
    """Register what adds steps to a story."""

    def register(provider: Provider) -> Provider:
        _providers[name] = provider
        return provider

    return register


def lineage_linker(name: str) -> Callable[[Linker], Linker]:
    """Register who knows which step another app's step came from: the step's key -> that of its origin."""

    def register(linker: Linker) -> Linker:
        _linkers[name] = linker
        return linker

    return register


def story(correlation_id: uuid.UUID, *, internal: bool) -> list[Step]:
    """All steps in order of time; without `internal` only what the dealer may see."""
    steps = [step for _, provider in sorted(_providers.items()) for step in provider(correlation_id)]
    links = {step: origin for _, linker in sorted(_linkers.items()) for step, origin in linker(correlation_id).items()}
    steps = [s if s.parent else replace(s, parent=links.get(s.key, "")) for s in steps]
    return sorted((s for s in steps if internal or not s.internal), key=lambda s: (s.at, s.key))
