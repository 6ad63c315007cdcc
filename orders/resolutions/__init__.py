"""The case kinds that orders know, and what an agent can do about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from distportal.accounts.models import User
from distportal.events.jobs import enqueue_job
from exceptions.registry import CaseAction, CaseKind, register_kind
from exceptions.resolutions import SETTLE
from orders.models import Order
from orders.process.closing import reject_held_order
from orders.process.commands import SEND_JOB
from orders.process.confirmation import retry_command
from orders.process.corrections import correct_order
from orders.process.erp_split import split_order
from orders.process.switching.applying import CASE_KIND as SWITCH_DELAYED
from orders.resolutions import changes, logistics, mappings, remittances, returns
from orders.resolutions.panel import correction_panel, field_changes

__all__ = ["changes", "logistics", "mappings", "remittances", "returns"]

if TYPE_CHECKING:
    from exceptions.models import Case


def resubmit(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Correct and decide again; the case closes by itself when nothing holds the order any more."""
    evaluation = correct_order(
        order_id=UUID(case.subject_id),
        version=int(form["version"]),
        changes=field_changes(form),
        reason=reason,
        actor=user.email,
    )
    held = [v.finding.message for v in evaluation.verdicts if v.action == "hold"]
    return f"Still held: {held[0]}" if held else f"Resubmitted: the order is {evaluation.status.label.lower()}"


def reject(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """End the order with a reason."""
    return f"{reject_held_order(order_id=UUID(case.subject_id), reason=reason)} was rejected"


def split(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """One order for each ERP; the case closes with what is left of the order."""
    version = Order.objects.values_list("version", flat=True).get(pk=case.subject_id)
    made = split_order(order_id=UUID(case.subject_id), version=version, reason=reason, actor=user.email)
    return f"Split by ERP: {', '.join(f'{one} is {one.get_status_display().lower()}' for one in made)}"


def send_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Send the refused command again under its key."""
    command = retry_command(command_id=UUID(case.subject_id))
    buyer = command.about
    share = buyer.account.code if buyer else ""
    enqueue_job(SEND_JOB, key=str(command.pk), payload={"command": str(command.pk)}, share=share)
    return f"{command.order_key} will be sent again"


register_kind(
    CaseKind(
        kind="order.held",
        title="Order needs an answer",
        queue="orders",
        severity=2,
        runbook="Read the sentence. Correct the field, try it dry, then resubmit. "
        "Ask the buyer before you change a quantity.",
        panel="orders/ops/_correction.html",
        panel_context=correction_panel,
        actions=(
            CaseAction(
                name="resubmit", label="Resubmit", style="primary", run=resubmit, needs_reason=False, in_panel=True
            ),
            CaseAction(name="split", label="Split by ERP", style="", run=split, needs_reason=True),
            CaseAction(name="reject", label="Reject the order", style="bad", run=reject, needs_reason=True),
        ),
    )
)
register_kind(
    CaseKind(
        kind="order.promise_late",
        title="Promised later than wanted",
        queue="orders",
        severity=2,
        runbook="A receipt was moved by the ERP. Offer the buyer the new day, a substitute or another warehouse; "
        "the case closes by itself when a receipt is in time again.",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
register_kind(
    CaseKind(
        kind="order.duplicate_po",
        title="Same PO number, other content",
        queue="orders",
        severity=3,
        runbook="Compare both versions. If it is a new order, ask the buyer for a new PO number; "
        "if it is a change, ask for an 860.",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
for _kind, _title in (
    ("erp.refused", "The ERP refused"),
    ("erp.duplicate", "The ERP holds it twice"),
    ("erp.differs", "The ERP holds something else than agreed"),
):
    register_kind(
        CaseKind(
            kind=_kind,
            title=_title,
            queue="operations",
            severity=3,
            runbook="Look the key up in the ERP. Settle the cause there first, "
            "then send again: the key keeps it one order.",
            panel="",
            panel_context=None,
            actions=(
                CaseAction(name="send_again", label="Send again", style="primary", run=send_again, needs_reason=True),
            )
            if _kind == "erp.refused"
            else (SETTLE,),
        )
    )
register_kind(
    CaseKind(
        kind="erp.unanswered",
        title="The ERP has not answered a file",
        queue="operations",
        severity=3,
        runbook="Ask the ERP's people whether they have the order. If not, give them the bytes shown here under "
        "the same file name; never a second order. The case closes with their answer.",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
register_kind(
    CaseKind(
        kind="erp.unreadable",
        title="A file of the ERP could not be read",
        queue="operations",
        severity=3,
        runbook="The file lies in the quarantine of the connection's folder with its reasons. Correct the rows, or the "
        "mapping, and drop it into the folder's in-box again; what was read of it already is no news.",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
register_kind(
    CaseKind(
        kind="dispute.open",
        title="Dispute waits for finance",
        queue="finance",
        severity=2,
        runbook="Compare invoice, order and shipment. Decide in the back office; "
        "the case closes with the ERP's credit memo.",
        panel="",
        panel_context=None,
        actions=(),
    )
)

register_kind(
    CaseKind(
        kind=SWITCH_DELAYED,
        title="Switch to another ERP is delayed",
        queue="operations",
        severity=3,
        runbook="These have an order or credit of which nobody knows yet whether the old ERP has it. Settle those "
        "first: see Commands to the ERP on the Connections page. The switch looks again by itself every half minute "
        "and ends the case when all is moved; or take the switch back on the Two ERPs page.",
        panel="",
        panel_context=None,
        actions=(),
    )
)
