"""How endpoints stand that did not get their messages."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q

from distportal.webhooks.catalogue import PING
from distportal.webhooks.choices import DeliveryState, EndpointState
from distportal.webhooks.models import Delivery, Endpoint
from exceptions.models import Case
from exceptions.registry import REDELIVER, REPROCESS, Standing

MOST = 500
"""Messages of one endpoint that are sent again in one go; the rest stays given up and its case open."""
_LOST = Q(deliveries__state=DeliveryState.GAVE_UP) & ~Q(deliveries__event_type=PING)


def given_up_of(endpoint_id: UUID) -> list[Delivery]:
    """The oldest messages that were given up."""
    rows = Delivery.objects.filter(endpoint=endpoint_id, state=DeliveryState.GAVE_UP).exclude(event_type=PING)
    return list(rows.select_related("endpoint__account").order_by("pk")[:MOST])


def endpoints_of(cases: Sequence[Case]) -> dict[UUID, Standing]:
    """By case, of endpoints that get nothing."""
    found = Endpoint.objects.filter(pk__in=[case.subject_id for case in cases])
    rows = {str(row.pk): row for row in found.annotate(lost=Count("deliveries", filter=_LOST))}
    return {case.pk: _of(case, rows.get(case.subject_id)) for case in cases}


def _of(case: Case, row: Endpoint | None) -> Standing:
    if row is None:
        return Standing(state="gone", told="the endpoint is not there any more; close its case with a reason")
    lost: int = getattr(row, "lost", 0)
    refusals = {REPROCESS: "its messages were written once and stay so: re-deliver them"}
    if row.state == EndpointState.DISABLED:
        refusals[REDELIVER] = "it is switched off: have it switched on first"
    elif not lost:
        refusals[REDELIVER] = "no message was given up; what waits goes on by itself"
    return Standing(
        state="dead", what=f"{row.name}: {lost} messages given up", attempts=row.failures, error=case.sentence,
        refusals=refusals,
    )  # fmt: skip
