"""Edits that wait for a second person."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from exceptions.choices import EditState
from exceptions.models import Case, CaseEdit


def waiting_edit(case: Case) -> CaseEdit | None:
    """The edit of the open case that waits for its check."""
    rows = CaseEdit.objects.filter(case=case, state=EditState.WAITING).select_related("maker")
    return rows.first() if case.is_open else None


def makers_of_waiting(case_ids: Collection[UUID]) -> dict[UUID, str]:
    """Whose edit waits, by case; in one query."""
    rows = CaseEdit.objects.filter(case_id__in=case_ids, state=EditState.WAITING)
    return dict(rows.values_list("case_id", "maker__name"))
