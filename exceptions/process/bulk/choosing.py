"""Freeze which cases an action is for."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from distportal.accounts.models import User
from exceptions.choices import CaseStatus
from exceptions.errors import NothingChosen
from exceptions.models import BulkItem, BulkRun, Case
from exceptions.process.bulk.steps import OF_KIND, shared_actions, step_called

MOST = 2_000
"""More at once is no work of a person; a filter finds less."""


@transaction.atomic
def choose_cases(*, cases: QuerySet[Case], action: str, said: str, user: User) -> BulkRun:
    """The run, not begun, with the cases as they are now: what is opened or changed later is not touched. `said` tells
    how they were chosen.

    Raises NothingChosen for none, more than 2,000, or for cases of several kinds where the action is one of a kind;
    NoSuchPlace for no action.
    """
    step = step_called(action)
    rows = list(islice(_seen(cases), MOST + 1))
    if not rows:
        raise NothingChosen("no open case was chosen; nothing was done")
    if len(rows) > MOST:
        raise NothingChosen(f"more than {MOST:,} cases match; narrow the filter, nothing was done")
    label = step.label
    if action.startswith(OF_KIND):
        found = {one.name: one.label for one in shared_actions({kind for _, _, kind in rows})}
        if action.removeprefix(OF_KIND) not in found:
            raise NothingChosen("choose cases of one kind for this action; nothing was done")
        label = found[action.removeprefix(OF_KIND)]
    run = BulkRun.objects.create(action=action, label=label, said=said[:300], by=user)
    BulkItem.objects.bulk_create(BulkItem(run=run, case_id=pk, version=version) for pk, version, _ in rows)
    return run


def _seen(cases: QuerySet[Case]) -> Iterable[tuple[UUID, int, str]]:
    rows = cases.filter(status__in=CaseStatus.OPEN)
    if not rows.ordered:  # paced work begins with what broke first, and not with what the table has first
        rows = rows.order_by("number")
    return rows.values_list("pk", "version", "kind").iterator()
