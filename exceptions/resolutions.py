"""What can be done about dead work."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from distportal.accounts.models import User
from distportal.events.reviving import discard_delivery, discard_job, revive_delivery, revive_job
from distportal.notices.sending import discard_mail, send_mail_again
from distportal.webhooks.choices import ReceivedState
from distportal.webhooks.receiving import use_received
from distportal.webhooks.replaying import replay_delivery
from exceptions.choices import Layer, Resolution
from exceptions.models import Case
from exceptions.process.cases import resolve_case
from exceptions.process.letters.redriving import standings_of
from exceptions.process.letters.settling import leave_superseded
from exceptions.queries.standings import by_their_cases, deliveries_of, jobs_of, mails_of
from exceptions.queries.webhooks import endpoints_of, given_up_of
from exceptions.registry import REDELIVER, REPROCESS, CaseAction, CaseKind, Letter, register_kind


def retry(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Do the dead work again, under its own id; the case ends when it succeeds."""
    if case.subject_type == "job":
        waiting = revive_job(job_id=uuid.UUID(case.subject_id))
        if str(waiting.pk) != case.subject_id:
            resolve_case(case_id=case.pk, resolution=Resolution.BY_EVENT, reason="the same work waits already")
            return "The same work waits already; this one is left undone"
    elif case.subject_type == "mail":
        send_mail_again(mail_id=uuid.UUID(case.subject_id))
    else:
        revive_delivery(delivery_id=int(case.subject_id))
    return "It is tried again now; the case ends when it succeeds"


def discard(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Leave it undone for good, with a reason; what was parked behind an event goes on."""
    state = standings_of([case])[case.pk].state
    if state == "over":
        leave_superseded(case, reason)
    elif state != "gone":
        _discard(case, reason)
    resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason=reason)
    return "Left undone"


def _discard(case: Case, reason: str) -> None:
    if case.subject_type == "job":
        discard_job(job_id=uuid.UUID(case.subject_id), reason=reason)
    elif case.subject_type == "mail":
        discard_mail(mail_id=uuid.UUID(case.subject_id))
    else:
        discard_delivery(delivery_id=int(case.subject_id), reason=reason)


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


def replay_given_up(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """What the endpoint never got is sent again, the same messages under the same ids."""
    rows = given_up_of(uuid.UUID(case.subject_id))
    for row in rows:
        replay_delivery(
            by=None, account=row.endpoint.account, endpoint_id=row.endpoint_id, delivery_id=row.pk
        )  # the edge has judged that one of ours may
    return f"{len(rows)} messages are on their way again"


SETTLE = CaseAction(name="settle", label="Mark as settled", style="", run=settle, needs_reason=True)
REDELIVERY = CaseAction(name=REDELIVER, label="Re-deliver", style="primary", run=retry, needs_reason=False)
REPROCESSING = CaseAction(name=REPROCESS, label="Re-process", style="primary", run=retry, needs_reason=False)
DISCARD = CaseAction(name="discard", label="Leave undone", style="bad", run=discard, needs_reason=True)
_ENDS = "it is tried again and succeeds"
_JOB = Letter(family="Work", look=jobs_of, redeliver=REDELIVER, reprocess=REPROCESS)
_DELIVERY = Letter(family="Events", look=deliveries_of, redeliver=REDELIVER)
_MAIL = Letter(family="Mails", look=mails_of, redeliver=REDELIVER)
for _source, _title, _ends, _severity, _letter in (
    ("job", "Work was given up", f"{_ENDS}, or the same work is done otherwise", 3, _JOB),
    ("delivery", "An event could not be delivered", _ENDS, 3, _DELIVERY),
    ("mail", "A mail was refused for good", _ENDS, 1, _MAIL),
):
    register_kind(
        CaseKind(
            kind=f"dead.{_source}",
            title=_title,
            queue="operations",
            severity=_severity,
            ends=_ends,
            panel="",
            panel_context=None,
            actions=(REDELIVERY, REPROCESSING, DISCARD) if _letter.reprocess else (REDELIVERY, DISCARD),
            cause=("kind",),
            place=place_of_dead_work if _source != "mail" else None,
            letter=_letter,
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
        actions=(
            CaseAction(name=REDELIVER, label="Re-deliver", style="primary", run=replay_given_up, needs_reason=False),
            SETTLE,
        ),
        cause=("account",),
        letter=Letter(family="Webhooks", look=endpoints_of, redeliver=REDELIVER),
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
        letter=Letter(family="Webhooks", look=by_their_cases, reprocess="use_again", at_once=True),
    )
)
