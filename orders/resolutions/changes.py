"""What an agent can do about a change that waits for an answer, and what is shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import User
from exceptions.registry import CaseAction, CaseKind, register_kind
from exceptions.resolutions import SETTLE
from orders.models import ChangeRequest
from orders.process.changes.deciding import refuse_held_change, resume_change

if TYPE_CHECKING:
    from exceptions.models import Case


def change_panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The change with its order."""
    change = ChangeRequest.objects.select_related("order__account").filter(pk=case.subject_id).first()
    return {"change": change, "holds": case.data.get("holds", [])}


def accept(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Do what the change asks, although the policy holds it."""
    change = resume_change(change_id=UUID(case.subject_id), insist=True)
    return f"{change}: {change.reason or change.get_status_display()}"


def look_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Decide by the rules as they are now."""
    change = resume_change(change_id=UUID(case.subject_id), insist=False)
    return f"{change}: {change.reason or change.get_status_display()}"


def refuse(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Leave the order as it is and tell the sender why."""
    return f"{refuse_held_change(change_id=UUID(case.subject_id), reason=reason)} was refused"


register_kind(
    CaseKind(
        kind="order.change_held",
        title="Change needs an answer",
        queue="orders",
        severity=3,
        ends="the change is done, refused or withdrawn",
        panel="orders/ops/_change.html",
        panel_context=change_panel,
        actions=(
            CaseAction(name="look_again", label="Decide again", style="primary", run=look_again, needs_reason=False),
            CaseAction(name="accept", label="Do it anyway", style="primary", run=accept, needs_reason=True),
            CaseAction(name="refuse", label="Refuse the change", style="bad", run=refuse, needs_reason=True),
        ),
    )
)
register_kind(
    CaseKind(
        kind="order.change_conflict",
        title="Same change number, other content",
        queue="orders",
        severity=3,
        ends="",
        panel="orders/ops/_change.html",
        panel_context=change_panel,
        actions=(SETTLE,),
    )
)
