"""What can be done about dead work."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from distportal.accounts.models import User
from distportal.events.jobs import revive_job
from distportal.events.relay import revive_delivery
from distportal.webhooks.choices import ReceivedState
from distportal.webhooks.receiving import use_received
from exceptions.choices import Layer, Resolution
from exceptions.models import Case
from exceptions.process.cases import resolve_case
from exceptions.registry import CaseAction, CaseKind, register_kind


def retry(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Do the dead work again."""
    if case.subject_type == "job":
        revive_job(job_id=uuid.UUID(case.subject_id))
    else:
        revive_delivery(delivery_id=int(case.subject_id))
    resolve_case(case_id=case.pk, resolution=Resolution.RETRIED, reason=reason or "tried again")
    return "It will be done again now"


def discard(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Leave it undone, with a reason."""
    resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason=reason)
    return "Discarded"


def settle(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Close a case that was settled elsewhere, with a word on how."""
    resolve_case(case_id=case.pk, resolution=Resolution.BY_HAND, reason=reason)
    return "Closed"


ERP_LANES = ("erp_write", "erp_read")


def place_of_dead_work(case: Case) -> tuple[str, str]:
    """Work in a lane of the ERP broke at the ERP, other work at its own kind."""
    if case.data.get("lane") in ERP_LANES:
        return Layer.ERP, str((case.data.get("payload") or {}).get("erp") or "default")
    return Layer.MIDDLEWARE, str(case.data.get("kind", ""))


def use_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Try to use the kept event again; the case closes by itself when that works."""
    row = use_received(received_id=uuid.UUID(case.subject_id))
    return f"It was used: {row.outcome}" if row.state == ReceivedState.USED else f"Still not used: {row.outcome}"


SETTLE = CaseAction(name="settle", label="Mark as settled", style="", run=settle, needs_reason=True)
ACTIONS = (
    CaseAction(name="retry", label="Try again", style="primary", run=retry, needs_reason=False),
    CaseAction(name="discard", label="Discard", style="bad", run=discard, needs_reason=True),
)
for _source, _title in (("job", "Work was given up"), ("delivery", "An event could not be delivered")):
    register_kind(
        CaseKind(
            kind=f"dead.{_source}",
            title=_title,
            queue="operations",
            severity=3,
            ends="",
            panel="",
            panel_context=None,
            actions=ACTIONS,
            cause=("kind",),
            place=place_of_dead_work,
        )
    )
register_kind(
    CaseKind(
        kind="webhook.failing",
        title="Webhook gets nothing",
        queue="operations",
        severity=2,
        ends="it is switched on again, or what was given up is delivered",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
        cause=("account",),
    )
)
register_kind(
    CaseKind(
        kind="webhook.received",
        title="Another system's event cannot be used",
        queue="operations",
        severity=2,
        ends="it is used after all",
        panel="",
        panel_context=None,
        actions=(
            CaseAction(name="use_again", label="Try it again", style="primary", run=use_again, needs_reason=False),
            SETTLE,
        ),
        cause=("sender", "code"),
    )
)
