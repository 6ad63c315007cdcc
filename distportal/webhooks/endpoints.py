"""Endpoints: made with a secret that is shown once, changed, given another secret beside it, switched off and on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from distportal.accounts.companies import locked_company
from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound
from distportal.events.clock import database_now
from distportal.observability.correlation import correlation_id
from distportal.webhooks.addresses import checked_url
from distportal.webhooks.catalogue import PING, event_kind
from distportal.webhooks.choices import DeliveryState, EndpointState, OffReason
from distportal.webhooks.envelopes import as_text, ping
from distportal.webhooks.facts import publish_endpoint_fact
from distportal.webhooks.models import Delivery, Endpoint
from distportal.webhooks.planning import begin_delivering
from distportal.webhooks.signing import SEAL, new_secret

MOST_ENDPOINTS = 20
OVERLAP = dt.timedelta(hours=24)


def check_right(account: Account | None, by: User | None) -> None:
    """Locks the company. Raises NotAllowed for who may not manage its keys, and for all but our people where the
    endpoint is the house's. Without a person it is a key, whose scope the edge has judged.
    """
    if by is None:
        return
    if account is not None:
        locked_company(account.pk, by=by, act=Act.MANAGE_KEYS)
    elif not by.is_staff or by.standing is not None:
        raise NotAllowed(_("Only our own people manage this. Nothing was changed."))


@transaction.atomic
def make_endpoint(
    *, by: User | None, account: Account | None, name: str, url: str, event_types: Sequence[str]
) -> tuple[Endpoint, str]:
    """The endpoint and its secret, which nobody can read again; without an account it is one of the house.

    Raises NotAllowed, AddressRefused, Invalid without a name or a known event, Conflict for an address that the company
    has already and beyond 20.
    """
    check_right(account, by)
    name, types, secret = _checked_name(name), _checked_types(event_types), new_secret()
    if Endpoint.objects.filter(account=account).count() >= MOST_ENDPOINTS:
        raise Conflict(_("There are 20 webhooks already. Nothing was saved."))
    try:
        with transaction.atomic():
            row = Endpoint.objects.create(
                account=account, name=name, url=checked_url(url), event_types=types, made_by=by,
                sealed_secret=SEAL.close(secret),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(_("There is a webhook for this address already. Nothing was saved.")) from error
    return row, secret


@transaction.atomic
def change_endpoint(
    *, by: User | None, account: Account | None, endpoint_id: UUID, name: str, url: str, event_types: Sequence[str]
) -> Endpoint:
    """The endpoint with other words, events or address; what waits goes to the new address.

    Raises as `make_endpoint`, and NotFound.
    """
    check_right(account, by)
    row = locked_endpoint(account, endpoint_id)
    row.name, row.url, row.event_types = _checked_name(name), checked_url(url), _checked_types(event_types)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("There is a webhook for this address already. Nothing was saved.")) from error
    return row


@transaction.atomic
def rotate_secret(*, by: User | None, account: Account | None, endpoint_id: UUID) -> tuple[Endpoint, str]:
    """A new secret, shown once; for a day every message is signed with the old one, too. Raises NotAllowed, NotFound,
    Conflict while an earlier old secret still counts.
    """
    check_right(account, by)
    row, now, secret = locked_endpoint(account, endpoint_id), database_now(), new_secret()
    if row.old_secret_until and row.old_secret_until > now:
        raise Conflict(_("The secret was replaced less than a day ago and both still count. Nothing was changed."))
    row.sealed_old_secret, row.sealed_secret, row.old_secret_until = (
        row.sealed_secret, SEAL.close(secret), now + OVERLAP,
    )  # fmt: skip
    row.save()
    return row, secret


@transaction.atomic
def turn_off(*, by: User | None, account: Account | None, endpoint_id: UUID) -> Endpoint:
    """Nothing is sent to it any more; what waits stays, and what happens meanwhile can be sent later by its time.
    Raises NotAllowed, NotFound.
    """
    check_right(account, by)
    row = locked_endpoint(account, endpoint_id)
    if row.state == EndpointState.ACTIVE:
        row.state, row.off_reason, row.off_at = EndpointState.DISABLED, OffReason.BY_HAND, database_now()
        row.save()
    return row


@transaction.atomic
def turn_on(*, by: User | None, account: Account | None, endpoint_id: UUID) -> Endpoint:
    """It gets messages again, first those that waited, with all their tries. Raises NotAllowed, NotFound."""
    check_right(account, by)
    row = locked_endpoint(account, endpoint_id)
    if row.state == EndpointState.ACTIVE:
        return row
    row.state, row.off_reason, row.off_at = EndpointState.ACTIVE, "", None
    row.failures, row.failing_since, row.rests_until = 0, None, None
    if row.alarmed:
        row.alarmed = False
        publish_endpoint_fact(row, "webhook.recovered")
    row.save()
    row.deliveries.filter(state=DeliveryState.PENDING).update(attempts=0, next_at=database_now())
    begin_delivering([row])
    return row


@transaction.atomic
def send_ping(*, by: User | None, account: Account | None, endpoint_id: UUID) -> Delivery:
    """A test on its way, without a second try; also to an endpoint that is off. Raises NotAllowed, NotFound."""
    check_right(account, by)
    row, now, event_id = locked_endpoint(account, endpoint_id), database_now(), uuid4()
    row.rests_until = None
    row.save()
    told = ping(event_id=event_id, account=row.account.code if row.account else "", at=now)
    made = Delivery.objects.create(
        endpoint=row, event_id=event_id, event_type=PING, body=as_text(told), correlation_id=correlation_id(),
        occurred_at=now,
    )  # fmt: skip
    begin_delivering([row])
    return made


def locked_endpoint(account: Account | None, endpoint_id: UUID) -> Endpoint:
    """The endpoint of that company, locked. Raises NotFound for one of another company, too."""
    row = Endpoint.objects.select_for_update(of=("self",), no_key=True).select_related("account").filter(
        account=account, pk=endpoint_id
    ).first()  # fmt: skip
    if row is None:
        raise NotFound(_("There is no such webhook here. Nothing was changed."))
    return row


def _checked_name(name: str) -> str:
    found = " ".join(name.split())[:60]
    if not found:
        raise Invalid(_("Give the webhook a name that says who gets it. Nothing was saved."))
    return found


def _checked_types(event_types: Sequence[str]) -> list[str]:
    found = sorted(set(event_types))
    if not found or any(event_kind(one) is None for one in found):
        raise Invalid(_("Choose which events are sent. Nothing was saved."))
    return found
