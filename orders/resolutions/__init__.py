"""The case kinds that orders know, and what an agent can do about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from distportal.accounts.models import User
from distportal.events.jobs import enqueue_job
from exceptions.queries.standings import by_their_cases
from exceptions.registry import AT_ONCE, CaseAction, CaseKind, Letter, count_waiting, register_kind
from exceptions.resolutions import SETTLE
from orders.process.commands import SEND_JOB
from orders.process.confirmation import retry_command
from orders.process.corrections import HEADER_FIELDS, LINE_FIELDS
from orders.process.switching.applying import CASE_KIND as SWITCH_DELAYED
from orders.queries.awaited import orders_waiting
from orders.resolutions import changes, concerns, disputes, held, logistics, looks, mappings, remittances, returns
from orders.resolutions.editing import REFUSED
from orders.resolutions.held import RESUBMIT
from orders.resolutions.panel import refused_panel
from orders.resolutions.rules import END_RULE, SAVE_RULE

__all__ = ["changes", "concerns", "disputes", "held", "logistics", "looks", "mappings", "remittances", "returns"]

if TYPE_CHECKING:
    from exceptions.models import Case


count_waiting("erp", orders_waiting)


def send_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Send the refused command again under its key."""
    command = retry_command(command_id=UUID(case.subject_id))
    buyer = command.about
    share = buyer.account.code if buyer else ""
    enqueue_job(SEND_JOB, key=str(command.pk), payload={"command": str(command.pk)}, share=share)
    return f"{command.order_key} will be sent again"


register_kind(
    CaseKind(
        kind="order.promise_late",
        title="Promised later than wanted",
        queue="orders",
        severity=2,
        ends="nothing of it is promised too late any more",
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
        ends="",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
register_kind(
    CaseKind(
        kind="erp.refused",
        title="The ERP refused",
        queue="operations",
        severity=3,
        ends="the ERP takes it",
        panel="orders/ops/_correction.html",
        panel_context=refused_panel,
        actions=(
            RESUBMIT,
            CaseAction(name="send_again", label="Send again", style="primary", run=send_again, needs_reason=True),
            SAVE_RULE,
            END_RULE,
        ),
        fields=(*LINE_FIELDS, *HEADER_FIELDS),
        cause=("code",),
        editor=REFUSED,
        letter=Letter(family="ERP commands", look=by_their_cases, redeliver="send_again"),
    )
)
for _kind, _title, _ends, _agreed in (
    ("erp.duplicate", "The ERP holds it twice", "", AT_ONCE),
    ("erp.differs", "The ERP holds something else than agreed", "", None),
):
    register_kind(
        CaseKind(
            kind=_kind,
            title=_title,
            queue="operations",
            severity=3,
            ends=_ends,
            panel="",
            panel_context=None,
            actions=(SETTLE,),
            cause=("code",),
            agreed=_agreed,
        )
    )
register_kind(
    CaseKind(
        kind="erp.unanswered",
        place=lambda case: ("erp", str(case.data.get("erp") or "default")),
        title="The ERP has not answered a file",
        queue="operations",
        severity=3,
        ends="the ERP answers",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
        cause=("code",),
    )
)
register_kind(
    CaseKind(
        kind="erp.unreadable",
        title="A file of the ERP could not be read",
        queue="operations",
        severity=3,
        ends="a later file tells it rightly",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
        cause=("code",),
    )
)
register_kind(
    CaseKind(
        kind=SWITCH_DELAYED,
        title="Switch to another ERP is delayed",
        queue="operations",
        severity=3,
        ends="everything is moved or the switch is taken back",
        panel="",
        panel_context=None,
        actions=(),
        cause=("code",),
    )
)
