"""Edits that wait for a second person."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from distportal.common.among import Among
from distportal.common.marks import SOME_KEYS
from distportal.common.prepared import PreparedValues
from exceptions.choices import EditState
from exceptions.models import Case, CaseEdit


def waiting_edit(case: Case) -> CaseEdit | None:
    """The edit of the open case that waits for its check."""
    rows = CaseEdit.objects.filter(case=case, state=EditState.WAITING).select_related("maker")
    return rows.first() if case.is_open else None


def makers_of_waiting(case_ids: Collection[UUID]) -> dict[UUID, str]:
    """Whose edit waits, by case; in one query."""
    return dict(_MAKERS(list(case_ids)))


def _makers(case_ids: list[UUID]) -> QuerySet[CaseEdit, tuple[UUID, str]]:
    rows = CaseEdit.objects.filter(Among("case_id", case_ids, of=UUIDField()), state=EditState.WAITING)
    return rows.values_list("case_id", "maker__name")


_MAKERS = PreparedValues(_makers, SOME_KEYS)
