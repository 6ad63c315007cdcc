"""The versions of a rule, as its history has them, each with who made it and what it changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from distportal.governance.differences import Difference, differences
from distportal.governance.registry import RuleKind

MOST = 50


@dataclass(frozen=True, slots=True)
class Version:
    """How a rule was from a moment on; `number` counts from the first one that is kept."""

    number: int
    since: dt.datetime
    by: str
    reason: str
    changed: list[Difference]
    values: dict[str, Any]


def versions_of(kind: RuleKind, pk: object) -> list[Version]:
    """The newest first, the last fifty. A change that left all fields of the rule as they were is none."""
    rows = list(
        history_model(kind)
        ._default_manager.filter(pgh_obj_id=pk)
        .select_related("pgh_context")
        .order_by("pgh_id")
    )  # fmt: skip
    found: list[Version] = []
    last: dict[str, Any] = {}
    for row in rows:
        values = kind.values_of(row)
        if found and values == last:
            continue
        told = row.pgh_context.metadata if row.pgh_context else {}
        changed = differences(last, values) if found else []
        number = len(found) + 1
        found.append(
            Version(number, row.pgh_created_at, told.get("actor", ""), told.get("reason", ""), changed, values)
        )
        last = values
    return found[::-1][:MOST]


def history_model(kind: RuleKind) -> Any:
    """The model of its history. Raises LookupError for a sort of rules that is not tracked."""
    for model in apps.get_models():
        if getattr(model, "pgh_tracked_model", None) is kind.model and issubclass(model, models.Model):
            return model
    raise LookupError(f"{kind.name} is not tracked")
