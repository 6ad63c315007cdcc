"""One story by correlation id: each app adds the steps it knows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
_providers: dict[str, Provider] = {}


def lineage_provider(name: str) -> Callable[[Provider], Provider]:
    """Register what adds steps to a story."""

    def register(provider: Provider) -> Provider:
        _providers[name] = provider
        return provider

    return register


def story(correlation_id: uuid.UUID, *, internal: bool) -> list[Step]:
    """All steps in order of time; without `internal` only what the dealer may see."""
    steps = [step for _, provider in sorted(_providers.items()) for step in provider(correlation_id)]
    return sorted((s for s in steps if internal or not s.internal), key=lambda s: (s.at, s.key))
