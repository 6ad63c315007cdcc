"""Dead work becomes a case in the transaction that marks it dead, and ends it in the one that marks it done."""

from __future__ import annotations

import uuid

from distportal.accounts.models import Account
from distportal.events.base import Delivered
from distportal.events.registry import DeadWork, report_dead_work_to, report_settled_work_to, subscribe
from distportal.observability.correlation import correlated
from distportal.threads.choices import Side
from exceptions.choices import Resolution
from exceptions.process.answered import take_up_answered
from exceptions.process.cases import open_case, resolve_cases
from exceptions.process.letters.settling import settle_letter
from exceptions.registry import Concern, concern_of

_TROUBLE = {
    "gone": "answered 410 Gone and was switched off",
    "failing": "failed for days and was switched off",
}


@report_dead_work_to
def open_dead_work_case(dead: DeadWork) -> None:
    """One case for one dead job, delivery or mail, about what it was to be done for."""
    concern = concern_of(dead) or Concern(reference="")
    with correlated(uuid.UUID(dead.correlation_id)):
        open_case(
            kind=f"dead.{dead.source}",
            code="dead",
            subject_type=dead.subject_type,
            subject_id=dead.subject_id,
            sentence=f"{dead.kind} was given up: {dead.error}",
            queue="operations",
            account=concern.account,
            amount=concern.amount,
            currency=concern.currency,
            reference=concern.reference,
            data={"kind": dead.kind, "error": dead.error, **dead.data},
        )


report_settled_work_to(settle_letter)


@subscribe("thread.message_posted", destination="exceptions.answers", strict=False)
def take_up_answered_cases(event: Delivered) -> None:
    """What a dealer writes about a record ends the waiting of its cases."""
    told = event.payload
    if told["side"] == Side.DEALER:
        take_up_answered(subject_type=told["subject_type"], subject_id=told["subject_id"], by=told["by"])


@subscribe(
    "hook_event.failed", "hook_event.conflict", "hook_event.used", destination="exceptions.hook_events", strict=True
)
def follow_hook_event(event: Delivered) -> None:
    """One case for an event of another system that could not be used; it ends when it is used after all."""
    told = event.payload
    code = "conflict" if event.type == "hook_event.conflict" else "unusable"
    if event.type == "hook_event.used":
        resolve_cases(
            subject_type="hook_event", subject_id=told["received"], code=code, resolution=Resolution.RETRIED,
            reason="it could be used",
        )  # fmt: skip
        return
    open_case(
        kind="webhook.received",
        code=code,
        subject_type="hook_event",
        subject_id=told["received"],
        sentence=f"{told['sender']}, event {told['event_id']}: {told['why']}. It is kept",
        data={"received": told["received"], "sender": told["sender"]},
    )


@subscribe("webhook.disabled", "webhook.gave_up", "webhook.recovered", destination="exceptions.webhooks", strict=True)
def follow_webhook(event: Delivered) -> None:
    """One case for an endpoint that gets nothing, whatever the number of messages; it ends when all is well again."""
    told = event.payload
    if event.type == "webhook.recovered":
        resolve_cases(
            subject_type="webhook_endpoint", subject_id=told["endpoint"], resolution=Resolution.BY_EVENT,
            reason="it is on, and nothing that was given up is left",
        )  # fmt: skip
        return
    where = f"The webhook {told['name']} to {told['host']}"
    open_case(
        kind="webhook.failing",
        code="failing",
        subject_type="webhook_endpoint",
        subject_id=told["endpoint"],
        sentence=f"{where} {_TROUBLE.get(told['reason'], 'did not take a message, which was given up')}",
        account=Account.objects.filter(code=told["account"]).first(),
        data={"endpoint": told["endpoint"], "reason": told["reason"]},
    )
