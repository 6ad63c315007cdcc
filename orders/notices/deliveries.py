"""What becomes of the goods: when they come, that they left, that they arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from distportal.events.base import Delivered
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, add_notice_kind
from orders.models import Order, ProofOfDelivery, Shipment
from orders.notices.orders import OPEN_ORDER, SAMPLE
from orders.notices.reading import ORDERING, day, of_order

GROUP = _("Deliveries")
SHIPPED_LABELS = {
    "po": _("Your PO"), "carrier": _("Carrier"), "tracking": _("Tracking number"), "cartons": _("Cartons"),
    "expected": _("Expected on"), "to_come": _("Lines still to come"), "ship_to": _("Ship to"),
}  # fmt: skip
MOVED_LABELS = {"po": _("Your PO"), "line": _("Line"), "was": _("Promised before"), "now": _("Promised now"),
                "why": _("Why"), "others": _("Other lines moved")}  # fmt: skip


def _left(order: Order, event: Delivered) -> Mapping[str, str]:
    shipment = Shipment.objects.get(pk=UUID(event.payload["shipment"]))
    still = sum(1 for line in order.lines.all() if line.open_quantity)
    return {
        "shipment": shipment.number,
        "carrier": shipment.carrier,
        "tracking": shipment.tracking_number,
        "cartons": str(shipment.cartons),
        "expected": day(shipment.estimated_delivery_on),
        "to_come": str(still) if still else "",
    }


def _moved(order: Order, event: Delivered) -> Mapping[str, str] | None:
    lines = event.payload["lines"]
    if not lines:
        return None
    worst = max(lines, key=lambda line: line["now"] or "9999")
    return {
        "line": str(worst["line"]),
        "was": _date(worst["was"]),
        "now": _date(worst["now"]) or gettext_noop("no date"),
        "why": worst["reason"],
        "others": str(len(lines) - 1) if len(lines) > 1 else "",
    }


def _date(text: str | None) -> str:
    return day(dt.date.fromisoformat(text)) if text else ""


def _taken(order: Order, event: Delivered) -> Mapping[str, str]:
    proof = ProofOfDelivery.objects.get(pk=UUID(event.payload["proof"]))
    return {"by": proof.signed_by}


for _kind in (
    NoticeKind(
        key="order.shipped", group=GROUP, title=_("Goods have left"),
        sentence=_("Goods of order {number} (PO {po}) have left"), action=OPEN_ORDER, labels=SHIPPED_LABELS,
        roles=ORDERING, events=("order.shipped",), read=of_order(_left),
        sample={**SAMPLE, "carrier": "Blue Ridge Freight", "tracking": "BRF-99120041", "cartons": "4",
                "expected": "12 May 2026", "to_come": "2"},
    ),
    NoticeKind(
        key="order.repromised", group=GROUP, title=_("Promised date moved"),
        sentence=_("Order {number} (PO {po}): line {line} is promised for {now} now"), action=OPEN_ORDER,
        labels=MOVED_LABELS, roles=ORDERING, mail=Mode.INSTANT, weight=5, events=("order.repromised",),
        read=of_order(_moved),
        sample={**SAMPLE, "line": "3", "was": "4 May 2026", "now": "12 May 2026", "others": "1",
                "why": "the receipt it waits for comes later"},
    ),
    NoticeKind(
        key="order.delivered", group=GROUP, title=_("Goods were taken"),
        sentence=_("Goods of order {number} (PO {po}) were taken; the proof is there"), action=OPEN_ORDER,
        labels={"po": _("Your PO"), "by": _("Taken by"), "ship_to": _("Ship to")}, roles=ORDERING, mail=Mode.OFF,
        events=("order.delivery_proven",), read=of_order(_taken), sample={**SAMPLE, "by": "M. Ortiz"},
    ),
):  # fmt: skip
    add_notice_kind(_kind)
