"""What becomes of an order on our side: taken, held, refused, changed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from distportal.events.base import Delivered
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, add_notice_kind
from orders.choices import FindingAction
from orders.models import ChangeRequest, Order
from orders.notices.promised import promised_words
from orders.notices.reading import ORDERING, of_order

GROUP = _("Orders")
OPEN_ORDER = _("Open the order")
LABELS = {
    "po": _("Your PO"), "why": _("Why"), "promised": _("Promised"), "total": _("Total before tax and freight"),
    "ship_to": _("Ship to"), "placed_by": _("Placed by"),
}  # fmt: skip
SAMPLE = {
    "number": "SO-1042", "po": "PO-7781", "total": "$1,284.50", "ship_to": "Sample Hardware Monterey",
    "placed_by": "J. Ruiz",
}  # fmt: skip


def _held_because(order: Order, event: Delivered) -> Mapping[str, str]:
    holds = order.findings.filter(action=FindingAction.HOLD, order_version=order.version).order_by("pk")
    messages = list(holds.values_list("message", flat=True)[:3])
    return {"why": ". ".join(message.rstrip(".") for message in messages)}


def _promised(order: Order, event: Delivered) -> Mapping[str, str]:
    return {"promised": promised_words(order)}


def _rejected_because(order: Order, event: Delivered) -> Mapping[str, str]:
    return {"why": ". ".join(str(reason).rstrip(".") for reason in event.payload.get("reasons", [])[:3])}


def _cancelled_because(order: Order, event: Delivered) -> Mapping[str, str]:
    return {"why": str(event.payload.get("reason", ""))}


def _change_refused_because(order: Order, event: Delivered) -> Mapping[str, str]:
    change = ChangeRequest.objects.filter(pk=UUID(event.payload["change"])).first()
    return {"why": change.reason if change else ""}


for _kind in (
    NoticeKind(
        key="order.accepted", group=GROUP, title=_("Order accepted"),
        sentence=_("Order {number} (PO {po}) is accepted and on its way"), action=OPEN_ORDER, labels=LABELS,
        roles=ORDERING, events=("order.accepted",), read=of_order(_promised),
        sample={**SAMPLE, "promised": "ELE-20002: 8 EA 12 May 2026, 4 EA no date yet"},
    ),
    NoticeKind(
        key="order.held", group=GROUP, title=_("Order needs an answer"),
        sentence=_("Order {number} (PO {po}) waits for an answer before it goes on"), action=OPEN_ORDER,
        labels=LABELS, roles=ORDERING, mail=Mode.INSTANT, weight=8, events=("order.held",),
        sample={**SAMPLE, "why": "Line 3: the unit CTN is not known for FST-10001"}, read=of_order(_held_because),
    ),
    NoticeKind(
        key="order.rejected", group=GROUP, title=_("Order rejected"),
        sentence=_("Order {number} (PO {po}) was rejected; nothing of it will be sent"), action=OPEN_ORDER,
        labels=LABELS, roles=ORDERING, mail=Mode.INSTANT, mandatory=True, weight=9, events=("order.rejected",),
        sample={**SAMPLE, "why": "The account is closed"}, read=of_order(_rejected_because),
    ),
    NoticeKind(
        key="order.changed", group=GROUP, title=_("Change of an order done"),
        sentence=_("The change of order {number} (PO {po}) is done"), action=OPEN_ORDER, labels=LABELS,
        roles=ORDERING, sample=SAMPLE, events=("order.changed",), read=of_order(),
    ),
    NoticeKind(
        key="order.change_refused", group=GROUP, title=_("Change of an order refused"),
        sentence=_("The change of order {number} (PO {po}) was refused; the order stays as it was"),
        action=OPEN_ORDER, labels=LABELS, roles=ORDERING, mail=Mode.INSTANT, weight=7,
        sample={**SAMPLE, "why": "Line 2 has left already"}, events=("order.change_refused",),
        read=of_order(_change_refused_because),
    ),
    NoticeKind(
        key="order.cancelled", group=GROUP, title=_("Order cancelled"),
        sentence=_("Order {number} (PO {po}) was cancelled"), action=OPEN_ORDER, labels=LABELS, roles=ORDERING,
        mail=Mode.INSTANT, weight=6, sample={**SAMPLE, "why": "Cancelled by the buyer"},
        events=("order.cancelled",), read=of_order(_cancelled_because),
    ),
):  # fmt: skip
    add_notice_kind(_kind)
