"""What events of carriers and payment providers do, whatever address they come by: the same as by EDI and by feed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from distportal.canonical.remittances import Remittance, RemittanceLine
from distportal.common.site_day import site_day
from distportal.systems.models import LogisticsConnection
from distportal.webhooks.uses import Incoming, Unusable
from orders.process.carrier_messages import receive_message
from orders.process.remittances import record_remittance

_KINDS = {"delivered": "delivered", "exception": "late", "delayed": "late", "estimated": "expected"}
"""A carrier's word for a status, where it means more than that the goods moved."""
_WORDS = {"delivered": "Delivered", "in_transit": "On its way", "picked_up": "Picked up", "delayed": "Delayed"}
"""What a status is in the words that people read of carriers (orders.queries.tracking_words)."""
_MOST_KEY = 120
_METHODS = {"ach": "ACH", "wire": "FWT", "check": "CHK"}
"""A provider's word for how it was paid, as an X12 element 591 code."""


def use_tracking(event: Incoming) -> str:
    """`tracking.updated`: a status of a parcel, with who signed for it once it is delivered, becomes a message of the
    carrier that serves the SCAC, and goes the way of those that it posts itself. Raises Unusable, KeyError, ValueError.
    """
    told = event.data["data"]
    carrier = str(told["carrier"])
    roles = LogisticsConnection.objects.filter(role=LogisticsConnection.Role.TMS, active=True)
    connection = roles.filter(serves__has_key=carrier).order_by("name").first()
    if connection is None:
        raise Unusable(f"no carrier connection serves {carrier[:20]}")
    key = event.key if len(event.key) <= _MOST_KEY else hashlib.sha256(event.key.encode()).hexdigest()
    got = receive_message(
        connection=connection.name, event_id=key, body=json.dumps(_message(key, carrier, told)).encode(),
        channel="webhook",
    )  # fmt: skip
    if got.outcome == "conflict":
        raise Unusable("this event was told before with other content; the first one holds")
    return f"a message of {connection.title} for {str(told['tracking_number'])[:40]}"


def use_payment(event: Incoming) -> str:
    """`payment.succeeded`: what an account paid is recorded as its remittance, matched to the invoices that it names,
    once per account and reference. Raises Unusable, UnknownAccount, KeyError, ValueError, ArithmeticError.
    """
    if event.data["type"] != "payment.succeeded":
        return f"nothing to do for {str(event.data['type'])[:60]}"
    told = event.data["data"]
    lines = tuple(_paid(one) for one in told.get("invoices", ()))
    amount = Decimal(str(told["amount"]))
    rest = amount - sum((line.paid for line in lines), Decimal(0))
    if not amount.is_finite() or amount <= 0 or rest < 0:
        raise Unusable("the invoices come to more than was paid, or nothing was paid")
    if rest:
        lines = (*lines, RemittanceLine(kind="other", number="", paid=rest, note="paid on account"))
    fact = Remittance(
        channel="api", account=str(told["account"]), trace=str(told["reference"])[:60], amount=amount, lines=lines,
        paid_on=_day(dt.datetime.fromisoformat(told["paid_at"])), currency=str(told.get("currency", "USD")).upper(),
        method=_METHODS.get(str(told.get("method", "")), ""), payer=str(told.get("payer", "")),
    )  # fmt: skip
    if not fact.trace or len(fact.currency) != 3:
        raise Unusable("it names no reference, or a currency that is none")
    done = record_remittance(remittance=fact, source_key=f"hook:{event.key}"[:160], told_by=event.source)
    return f"payment {done.remittance} of {fact.account}: {done.outcome}"


def _day(moment: dt.datetime) -> dt.date:
    """The day at the site: nine in the evening here is tomorrow in UTC."""
    return site_day(moment) if timezone.is_aware(moment) else moment.date()


def _message(key: str, carrier: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The event as docs/tms-rest.openapi.yaml has it."""
    status, at = str(told["status"]), str(told["occurred_at"])
    message: dict[str, Any] = {
        "event_id": key,
        "carrier": carrier,
        "tracking_number": str(told["tracking_number"]),
        "status": {
            "code": status[:10].upper(),
            "meaning": str(told.get("message") or _WORDS.get(status) or status.replace("_", " ").capitalize())[:120],
            "kind": _KINDS.get(status, "moved"),
            "at": at,
            "place": str(told.get("place", ""))[:80],
        },
    }
    if status == "delivered" and told.get("signed_by"):
        signed = str(told["signed_by"])[:80]
        message["proof"] = {"at": at, "signed_by": signed, "place": message["status"]["place"]}
        if told.get("picture"):
            message["proof"]["image"] = str(told["picture"])
    return message


def _paid(told: Mapping[str, Any]) -> RemittanceLine:
    paid = Decimal(str(told["amount"]))
    if not paid.is_finite():
        raise Unusable("an amount is no number")
    return RemittanceLine(kind="invoice", number=str(told["number"])[:60], paid=paid)
