"""Which rows are rules: apps register theirs; versions, differences and planned changes are the same for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from distportal.common.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleKind:
    """One sort of rules. `model` is tracked; `fields` are those that may be changed; `about` says how people call a
    rule; `check` raises ValueError for values that mean nothing together.
    """

    name: str
    title: str
    model: type[models.Model]
    fields: tuple[str, ...]
    about: Callable[[Any], str]
    check: Callable[[Any], object] = lambda _: None
    related: tuple[str, ...] = ()

    def found(self, rows: models.QuerySet[Any], subject: str) -> Any | None:
        """The one of `rows` with that key; None for what is no key of the model, or of none of them."""
        try:
            return rows.filter(pk=subject).first()
        except (ValueError, ValidationError):
            return None

    def values_of(self, row: Any) -> dict[str, Any]:
        """The fields as JSON has them."""
        return {name: getattr(row, name) for name in self.fields}


_kinds: dict[str, RuleKind] = {}


def add_rules(kind: RuleKind) -> RuleKind:
    """Register a sort of rules."""
    _kinds[kind.name] = kind
    return kind


def rule_kinds() -> list[RuleKind]:
    """All of them by name."""
    return [kind for _, kind in sorted(_kinds.items())]


def rule_kind(name: str) -> RuleKind:
    """The one of that name. Raises NotFound."""
    if name not in _kinds:
        raise NotFound("There are no rules of that sort.")
    return _kinds[name]
