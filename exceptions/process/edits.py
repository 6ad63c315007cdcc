"""Correct what failed and let it go on: any number of times under its own key, each time with a line of history."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import User
from exceptions.errors import CaseChanged
from exceptions.models import Case
from exceptions.process.checking import keep_for_check
from exceptions.process.edit_policies import policy_for
from exceptions.process.entries import enter
from exceptions.process.making import apply_edit, check_fields, editor_of
from exceptions.registry import case_kind


@transaction.atomic
def resubmit_case(*, case_id: UUID, version: int, changes: Mapping[str, str], reason: str, user: User) -> str:
    """What came of the corrected thing, in a sentence; `version` is that of the thing, as the person saw it. An edit
    that a policy names is kept until a second person has looked at it (exceptions.process.checking).

    Raises NotEditable for a field that the kind does not let correct, CaseChanged for a case that is over, and what
    the editor raises: for a value that cannot be, or where somebody else was faster. Nothing is saved then.
    """
    case = Case.objects.get(pk=case_id)
    kind = case_kind(case.kind)
    editor = editor_of(kind)
    edited = editor.judge(case, changes)
    check_fields(kind, edited.changes)
    editor.lock(case, version)
    case = _open(case_id)
    policy = policy_for(kind=case.kind, changes=edited.changes, amount=max(case.amount, edited.amount))
    if policy is not None:
        keep_for_check(
            case=case, edited=edited, values=changes, version=version, reason=reason, user=user, policy=policy
        )
        return f"Kept, not made yet: a second person has to look at it ({policy})"
    enter(case, "resubmitted", reason.strip(), edited.changes)
    return apply_edit(case, editor, changes, version, reason, user)


def _open(case_id: UUID) -> Case:
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("queue", "account").get(pk=case_id)
    if not case.is_open:
        raise CaseChanged(f"{case} was resolved meanwhile; nothing was saved")
    return case
