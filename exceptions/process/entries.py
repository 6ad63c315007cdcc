"""The history of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from distportal.observability.actor import actor_name
from exceptions.models import Case, CaseEntry


def enter(case: Case, action: str, text: str = "", changes: Sequence[Mapping[str, Any]] = ()) -> CaseEntry:
    """The new last line of the case's history, in the name of whoever acts now."""
    return CaseEntry.objects.create(
        case=case, actor=actor_name(), action=action[:40], text=text, changes=[dict(one) for one in changes]
    )
