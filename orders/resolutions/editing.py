"""How orders are corrected from the desk: held ones, and those that the ERP refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from distportal.accounts.models import User
from distportal.common.versions import version_of
from exceptions.process.edits import resubmit_case
from exceptions.registry import Edited, Editor
from orders.choices import FindingAction, OrderStatus
from orders.errors import NothingToCorrect
from orders.process.corrections import correct_order, preview_correction
from orders.process.locks import locked_order
from orders.process.refused_orders import correct_refused_order, lock_refused_order
from orders.queries.commands import order_of

if TYPE_CHECKING:
    from exceptions.models import Case

PREFIX = "fix."


def field_changes(form: Mapping[str, Any]) -> dict[str, str]:
    """The correction fields of a submitted form: `line.<no>.<field>` and header names, prefixed `fix.`."""
    return {name.removeprefix(PREFIX): str(value) for name, value in form.items() if name.startswith(PREFIX)}


def resubmit(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Correct and let it go on; the case closes by itself when nothing stands in the way any more."""
    return resubmit_case(
        case_id=case.pk, version=version_of(form), changes=field_changes(form), reason=reason, user=user
    )


def _judge(case: Case, changes: Mapping[str, str]) -> Edited:
    evaluation, diff = preview_correction(order_id=order_of(case), changes=changes)
    return Edited(
        changes=tuple({"field": one.field, "label": one.label, "old": one.old, "new": one.new} for one in diff),
        amount=evaluation.facts.total,
    )


def _lock_held(case: Case, version: int) -> None:
    order = locked_order(order_of(case), version=version)
    if order.status != OrderStatus.HELD:
        raise NothingToCorrect(f"{order} is {order.get_status_display().lower()} by now; nothing was saved")


def _apply_held(case: Case, changes: Mapping[str, str], version: int, reason: str, user: User) -> str:
    evaluation = correct_order(
        order_id=UUID(case.subject_id), version=version, changes=changes, reason=reason, actor=user.email
    )
    held = [v.finding.message for v in evaluation.verdicts if v.action == FindingAction.HOLD]
    label = str(evaluation.status.label)
    return f"Still held: {held[0]}" if held else f"Resubmitted: the order is {label[:1].lower()}{label[1:]}"


def _lock_refused(case: Case, version: int) -> None:
    lock_refused_order(order_id=order_of(case), version=version)


def _apply_refused(case: Case, changes: Mapping[str, str], version: int, reason: str, user: User) -> str:
    correct_refused_order(order_id=order_of(case), version=version, changes=changes, reason=reason, actor=user.email)
    return "Resubmitted: it goes to the ERP again, under its key"


HELD = Editor(judge=_judge, lock=_lock_held, apply=_apply_held)
REFUSED = Editor(judge=_judge, lock=_lock_refused, apply=_apply_refused)
