"""An event of the outbox becomes a message for each endpoint that wants it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db.models import Q

from distportal.common.marks import A_CODE, A_TEXT
from distportal.common.prepared import PreparedRows
from distportal.common.remembering import remembered
from distportal.events.base import Delivered
from distportal.events.jobs import JobRequest, enqueue_jobs
from distportal.webhooks.catalogue import event_kind
from distportal.webhooks.choices import EndpointState
from distportal.webhooks.envelopes import as_text, envelope
from distportal.webhooks.models import Delivery, Endpoint

DELIVER_JOB = "webhooks.deliver"


def plan_deliveries(event: Delivered) -> None:
    """The endpoints of the event's company, and those of the house, that are on and chose its type get it."""
    account = str(event.payload.get("account", ""))
    plan_for(event, remembered(("webhooks.wanting", event.type, account), partial(_wanting, event.type, account)))


def _wanting(event_type: str, account: str) -> list[Endpoint]:
    return _WANTING(event_type, account)


def plan_for(event: Delivered, endpoints: Sequence[Endpoint]) -> int:
    """How many of the endpoints get a message; who has one of this event already gets no second."""
    kind = event_kind(event.type) if endpoints else None
    told = kind.read(event) if kind else None
    if kind is None or told is None:
        return 0
    account = str(event.payload.get("account", ""))
    body = as_text(
        envelope(kind, told, event_id=event.id, account=account, seq=event.seq, occurred_at=event.occurred_at)
    )
    rows = [
        Delivery(
            endpoint=endpoint, event_id=event.id, event_type=event.type, subject=told.subject[:120], body=body,
            correlation_id=event.correlation_id, occurred_at=event.occurred_at,
        )
        for endpoint in endpoints
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    begin_delivering(endpoints)
    return len(rows)


def begin_delivering(endpoints: Sequence[Endpoint]) -> None:
    """Their due messages are sent after the commit, each endpoint by itself."""
    requests = [JobRequest(key=str(one.pk), payload={"endpoint": str(one.pk)}, share=one.share) for one in endpoints]
    enqueue_jobs(DELIVER_JOB, requests)


def of_account(code: str) -> Q:
    """Endpoints that may have events of the account: its own, and those of the house."""
    return Q(account__code=code) | Q(account=None)


_WANTING = PreparedRows(
    lambda event_type, code: Endpoint.objects.filter(
        of_account(code), state=EndpointState.ACTIVE, event_types__contains=[event_type]
    ).select_related("account"),
    A_TEXT,
    A_CODE,
)
