"""The demo's webhooks: a dealer's system that takes them, one that is gone, one of the house, and who posts to us."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from distportal.accounts.models import Account, User
from distportal.webhooks.catalogue import event_kinds
from distportal.webhooks.choices import Scheme
from distportal.webhooks.endpoints import make_endpoint
from distportal.webhooks.models import Endpoint, Sender
from distportal.webhooks.senders import Signing, make_sender
from distportal.webhooks.signing import SEAL

TAKES, GONE, HOUSE = "Harbor's order system", "Harbor's old warehouse system", "Data warehouse"
CARRIER, PAYMENTS = "demo-carrier", "demo-payments"
# Of the demo, on this machine only; docs/examples/post_event.py has them, too.
CARRIER_SECRET = "whsec_ZGVtbyBjYXJyaWVyIG9mIHRoaXMgbWFjaGluZSBvbmx5"  # noqa: S105 - of the demo, on this machine only
PAYMENTS_SECRET = "demo payments of this machine only"  # noqa: S105 - of the demo, on this machine only


@transaction.atomic
def seed_webhooks(*, receiver_url: str) -> None:
    """They are there and lead to the receiver on this machine; nothing where `WEBHOOK_LOOPBACK` does not allow it."""
    if not settings.WEBHOOK_LOOPBACK:
        return
    harbor = Account.objects.get(code="HARBOR")
    every = [kind.name for kind in event_kinds()]
    _endpoint(harbor, TAKES, f"{receiver_url}/events", every)
    _endpoint(harbor, GONE, f"{receiver_url}/old-warehouse", ["order.shipped", "order.delivery_proven"])
    _endpoint(None, HOUSE, f"{receiver_url}/events?for=house", every)
    operator = User.objects.get(email="operator@northline.example")
    _sender(operator, CARRIER, "Parcel carrier, posting", "tracking", Signing(), CARRIER_SECRET)
    plain = Signing(scheme=Scheme.HMAC, signature_header="X-Signature", event_id_at="body:id")
    _sender(operator, PAYMENTS, "Payment provider", "payment", plain, PAYMENTS_SECRET)


def receiver_secrets() -> list[str]:
    """What the receiver on this machine checks signatures with."""
    return [SEAL.open(row.sealed_secret) for row in Endpoint.objects.filter(name__in=(TAKES, HOUSE)).order_by("name")]


def _endpoint(account: Account | None, name: str, url: str, event_types: Sequence[str]) -> None:
    known = Endpoint.objects.filter(account=account, name=name).first()
    if known is None:
        make_endpoint(by=None, account=account, name=name, url=url, event_types=event_types)
    elif known.url != url:  # the demo runs on other ports now
        Endpoint.objects.filter(pk=known.pk).update(url=url)


def _sender(by: User, name: str, title: str, kind: str, signing: Signing, secret: str) -> None:
    if not Sender.objects.filter(name=name).exists():
        make_sender(by=by, name=name, title=title, kind=kind, signing=signing, secret=secret)
