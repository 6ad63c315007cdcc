"""Take a bulk run back, case by case, where nobody worked on the case since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Field

from distportal.events.clock import database_now
from exceptions.choices import BulkState, ItemState
from exceptions.errors import CaseChanged
from exceptions.models import BulkItem, BulkRun, Case
from exceptions.process.bulk.steps import step_called
from exceptions.process.entries import enter


@transaction.atomic
def undo_run(*, run_id: UUID) -> BulkRun:
    """What was done is taken back for every case that is as the run left it; the others are told in the result.

    Raises CaseChanged for a run that is not done, or whose action has no way back.
    """
    run = BulkRun.objects.select_for_update(of=("self",), no_key=True).select_related("by").get(pk=run_id)
    if run.state != BulkState.DONE or not step_called(run.action).can_undo:
        raise CaseChanged("this can't be taken back; nothing was done")
    for item in run.items.filter(state=ItemState.DONE).order_by("case_id"):
        _put_back(item, run)
    run.state, run.undone_at = BulkState.UNDONE, database_now()
    run.save()
    return run


def _put_back(item: BulkItem, run: BulkRun) -> None:
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=item.case_id)
    if case.version != item.version_after:
        item.state, item.told = ItemState.KEPT, "somebody worked on it since; it stays as it is"
    else:
        for name, value in item.before.items():
            setattr(case, name, _column(name).to_python(value))
        case.version += 1
        case.save()
        enter(case, "taken back", run.label)
        item.state, item.told = ItemState.UNDONE, "as it was before"
    item.save()


def _column(name: str) -> Field[Any, Any]:
    return next(field for field in Case._meta.concrete_fields if field.attname == name)
