"""Send again: one message, or all that happened in a time, also what an endpoint that was off never got."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.common.errors import Invalid, NotFound
from distportal.events.base import Delivered
from distportal.events.clock import database_now
from distportal.events.models import OutboxEvent
from distportal.webhooks.catalogue import PING
from distportal.webhooks.choices import DeliveryState
from distportal.webhooks.endpoints import check_right, locked_endpoint
from distportal.webhooks.models import Delivery, Endpoint
from distportal.webhooks.planning import begin_delivering, plan_for

MOST_AT_ONCE = 1000


@transaction.atomic
def replay_delivery(*, by: User | None, account: Account | None, endpoint_id: UUID, delivery_id: int) -> Delivery:
    """The message, on its way again with all its tries: same id, same bytes. Raises NotAllowed, NotFound."""
    check_right(account, by)
    endpoint = locked_endpoint(account, endpoint_id)
    row = endpoint.deliveries.filter(pk=delivery_id).exclude(event_type=PING).first()
    if row is None:
        raise NotFound(_("There is no such message here. Nothing was sent."))
    _again(endpoint, [row.pk])
    row.refresh_from_db()
    return row


@transaction.atomic
def replay_range(
    *, by: User | None, account: Account | None, endpoint_id: UUID, since: dt.datetime, until: dt.datetime
) -> int:
    """How many messages are on their way again, of what happened from `since` up to `until`; an event that the endpoint
    chose and never got becomes one. Raises NotAllowed, NotFound, Invalid for no time and for more than 1000.
    """
    check_right(account, by)
    endpoint = locked_endpoint(account, endpoint_id)
    if since >= until:
        raise Invalid(_("The time ends before it begins. Nothing was sent."))
    missed = _events(endpoint, since, until)
    if len(missed) > MOST_AT_ONCE:
        raise Invalid(_("More than 1000 events happened then. Choose a shorter time. Nothing was sent."))
    known = set(endpoint.deliveries.filter(event_id__in=[one.pk for one in missed]).values_list("event_id", flat=True))
    new = sum(plan_for(_delivered(one), [endpoint]) for one in missed if one.pk not in known)
    kept = endpoint.deliveries.filter(event_id__in=known).exclude(event_type=PING)
    return new + _again(endpoint, list(kept.values_list("pk", flat=True)))


def _again(endpoint: Endpoint, ids: list[int]) -> int:
    """How many were set anew; an endpoint that rests is tried at once, for somebody thinks that it is well."""
    fresh = {"state": DeliveryState.PENDING, "attempts": 0, "next_at": database_now(), "delivered_at": None}
    count = endpoint.deliveries.filter(pk__in=ids).update(**fresh)
    endpoint.rests_until = None
    endpoint.save()
    begin_delivering([endpoint])
    return count


def _events(endpoint: Endpoint, since: dt.datetime, until: dt.datetime) -> list[OutboxEvent]:
    rows = OutboxEvent.objects.filter(type__in=endpoint.event_types, occurred_at__gte=since, occurred_at__lt=until)
    if endpoint.account:
        rows = rows.filter(payload__account=endpoint.account.code)
    return list(rows.order_by("occurred_at", "seq")[: MOST_AT_ONCE + 1])


def _delivered(event: OutboxEvent) -> Delivered:
    return Delivered(
        id=event.id, type=event.type, aggregate_type=event.aggregate_type, aggregate_id=event.aggregate_id,
        seq=event.seq, payload=event.payload, correlation_id=event.correlation_id, occurred_at=event.occurred_at,
    )  # fmt: skip
