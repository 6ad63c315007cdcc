"""How a change ends or stops: its status, its case, and the fact that others are told."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.common.states import check_move
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import CHANGE_MOVES, ChangeStatus
from orders.models import ChangeRequest
from orders.process.case_facts import about
from orders.process.facts import publish_order_fact

DECIDE_JOB = "orders.decide_change"
SUBJECT = "order_change"


def move_change(change: ChangeRequest, status: ChangeStatus, *, reason: str = "") -> None:
    """The change in its new status. Raises IllegalMove. The caller holds the row lock."""
    if change.status == status:
        return
    check_move(CHANGE_MOVES, subject=str(change), old=change.status, new=status)
    change.status, change.reason = status, reason[:300]
    if status not in ChangeStatus.OPEN:
        change.decided_at = database_now()
    change.save(update_fields=["status", "reason", "decided_at"])


def finish_change(change: ChangeRequest, *, version: int) -> None:
    """The change is done as that version of the order; its case is closed and the next one is called."""
    change.made_version = version
    change.save(update_fields=["made_version"])
    move_change(change, ChangeStatus.APPLIED)
    _settle(change, "order.changed", "the change was done")


def refuse_change(change: ChangeRequest, *, reason: str) -> None:
    """The change is refused with a reason that its sender is told; the order stays as it was."""
    move_change(change, ChangeStatus.REFUSED, reason=reason)
    change.answers = [{**a, "accepted": False, "reason": a["reason"] or reason} for a in change.answers]
    change.save(update_fields=["answers"])
    _settle(change, "order.change_refused", f"the change was refused: {reason}"[:300])


def hold_change(change: ChangeRequest, holds: Sequence[str]) -> None:
    """The change waits for a person, with one case; the order goes on as it is. Others are told that it waits."""
    order = change.order
    more = f" (and {len(holds) - 1} more)" if len(holds) > 1 else ""
    move_change(change, ChangeStatus.HELD, reason=holds[0])
    open_case(
        kind="order.change_held",
        code="change_held",
        subject_type=SUBJECT,
        subject_id=str(change.pk),
        sentence=f"{change}, PO {order.po_number}: {holds[0]}{more}",
        **about(order),
        data={"order": str(order.pk), "holds": list(holds)},
    )
    publish_order_fact(order, "order.change_held", change=str(change.pk))


def _settle(change: ChangeRequest, fact: str, reason: str) -> None:
    resolve_cases(
        subject_type=SUBJECT,
        subject_id=str(change.pk),
        resolution=Resolution.CORRECTED,
        reason=reason,
        code="change_held",
    )
    publish_order_fact(change.order, fact, change=str(change.pk))
    waiting = ChangeRequest.objects.filter(order_id=change.order_id, status=ChangeStatus.WAITING)
    following = waiting.exclude(pk=change.pk).order_by("requested_at").first()
    if following is not None:
        share = change.order.account.code
        enqueue_job(DECIDE_JOB, key=str(following.pk), payload={"change": str(following.pk)}, share=share)
