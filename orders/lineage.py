"""What orders add to a story: arrivals, decisions, changes, ERP commands, shipments, invoices, disputes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from distportal.common.channels import channel_word
from distportal.common.money import show_money
from distportal.common.sentences import said_again
from distportal.events.finding import number_finder
from distportal.events.lineage import Step, lineage_provider
from orders.models import (
    ChangeRequest,
    Dispute,
    ErpCommand,
    Invoice,
    Order,
    OrderVersion,
    RemittanceLine,
    Return,
    Shipment,
    TrackingEvent,
)
from orders.queries.advices import advices_of_story
from orders.queries.numbers_in_hand import (
    orders_numbered,
    orders_of_items,
    papers_numbered,
    payments_numbered,
    stories_marked,
)
from orders.queries.tracking_words import said_by_carrier
from orders.queries.warehouses import releases_of_story

number_finder("3 orders")(orders_numbered)
number_finder("2 papers")(papers_numbered)
number_finder("1 payments")(payments_numbered)
number_finder("0 items")(orders_of_items)
number_finder("4 marks")(stories_marked)


@lineage_provider("orders")
def order_steps(correlation_id: uuid.UUID) -> Iterator[Step]:
    """All steps of the orders that carry the id, and of what follows them."""
    for order in Order.objects.filter(correlation_id=correlation_id).select_related("account"):
        url = reverse("orders:detail", args=[order.number])
        told = {"po": order.po_number, "channel": order.channel, "total": show_money(order.total, order.currency)}
        words = _("PO %(po)s by %(channel)s, %(total)s")
        if order.placed_name:
            words, told["who"] = _("PO %(po)s by %(channel)s, %(total)s, placed by %(who)s"), order.placed_name
        yield Step(
            at=order.placed_at, kind="order", title=_("Order %(order)s") % {"order": order},
            key=f"order:{order.pk}", url=url,
            state=order.status,
            detail=words % told,
        )  # fmt: skip
        for version in OrderVersion.objects.filter(order=order, version__gt=1):
            what = "; ".join(f"{c['field']}: {c['old'] or 'nothing'} → {c['new']}" for c in version.changes)
            yield Step(
                at=version.at, kind="correction", title=f"Corrected to version {version.version}",
                key=f"version:{version.pk}",
                parent=f"order:{order.pk}", detail=f"{what} ({version.reason}, {version.actor})", internal=True,
            )  # fmt: skip
    yield from _changes(correlation_id)
    yield from _commands(correlation_id)
    yield from _papers(correlation_id)
    yield from _payments(correlation_id)
    yield from _returns(correlation_id)
    yield from _movements(correlation_id)


def _changes(correlation_id: uuid.UUID) -> Iterator[Step]:
    """The changes that came with this story, and those of its orders that came later."""
    rows = ChangeRequest.objects.filter(Q(correlation_id=correlation_id) | Q(order__correlation_id=correlation_id))
    for change in rows.select_related("order"):
        said = {
            "channel": channel_word(change.channel), "state": change.get_status_display().lower(),
            "reason": said_again(change.reason),
        }  # fmt: skip
        words = _("by %(channel)s, %(state)s: %(reason)s") if change.reason else _("by %(channel)s, %(state)s")
        yield Step(
            at=change.requested_at, kind="correction", title=f"{change}", key=f"change:{change.pk}",
            parent=f"order:{change.order_id}", state=change.status,
            detail=words % said, url=reverse("orders:detail", args=[change.order.number]),
        )  # fmt: skip


def _commands(correlation_id: uuid.UUID) -> Iterator[Step]:
    for command in ErpCommand.objects.filter(correlation_id=correlation_id).select_related("return_credit"):
        parent = _parent_of(command)
        parent = f"change:{command.change_id}" if command.change_id else parent
        yield Step(
            at=command.settled_at or command.requested_at, kind="erp", title=_command_title(command),
            key=f"command:{command.pk}", parent=parent, state=command.state, internal=True,
            detail=f"key {command.order_key}, sent {command.attempts}×, {command.get_state_display()}",
        )  # fmt: skip


def _parent_of(command: ErpCommand) -> str:
    if command.return_credit:
        return f"return:{command.return_credit.request_id}"
    return f"order:{command.order_id}" if command.order_id else f"dispute:{command.dispute_id}"


def _command_title(command: ErpCommand) -> str:
    if command.change_id:
        return f"ERP {command.kind} {command.order_key}"
    what = "ERP order" if command.order_id else "ERP credit request"
    return f"{what} {command.erp_number or 'on its way'}"


def _papers(correlation_id: uuid.UUID) -> Iterator[Step]:
    for shipment in Shipment.objects.filter(correlation_id=correlation_id):
        yield Step(
            at=shipment.recorded_at, kind="shipment", title=_("Shipment %(number)s") % {"number": shipment.number},
            key=f"shipment:{shipment.pk}",
            parent=f"order:{shipment.order_id}", detail=f"{shipment.carrier} {shipment.tracking_number}",
            url=reverse("orders:detail", args=[shipment.order.number]),
        )  # fmt: skip
    for invoice in Invoice.objects.filter(correlation_id=correlation_id):
        parent = f"invoice:{invoice.corrects_id}" if invoice.corrects_id else f"order:{invoice.order_id}"
        yield Step(
            at=invoice.recorded_at, kind=invoice.kind, title=f"{invoice.get_kind_display()} {invoice.number}",
            key=f"invoice:{invoice.pk}", parent=parent, detail=show_money(invoice.total, invoice.currency),
            url=reverse("orders:invoice", args=[invoice.number]),
        )  # fmt: skip
    for dispute in Dispute.objects.filter(correlation_id=correlation_id).prefetch_related("remittance_lines"):
        yield Step(
            at=dispute.opened_at, kind="dispute", title=_("Dispute %(dispute)s") % {"dispute": dispute},
            key=f"dispute:{dispute.pk}",
            parent=_origin(dispute), state=dispute.status,
            url=reverse("orders:dispute", args=[dispute.number]),
            detail=_("%(reason)s, %(amount)s claimed")
            % {
                "reason": dispute.get_reason_display(),
                "amount": show_money(dispute.amount_claimed, dispute.currency),
            },
        )  # fmt: skip


def _origin(dispute: Dispute) -> str:
    """What the dispute came from: the payment that kept something back, else the invoice itself."""
    line = next(iter(dispute.remittance_lines.all()), None)
    return f"payment:{line.pk}" if line else f"invoice:{dispute.invoice_id}"


def _payments(correlation_id: uuid.UUID) -> Iterator[Step]:
    """What was paid of the story's invoices, and what a payment did that is itself the story."""
    about = Q(invoice__correlation_id=correlation_id) | Q(remittance__correlation_id=correlation_id)
    rows = RemittanceLine.objects.filter(about, remittance__state="applied", invoice__isnull=False)
    for line in rows.select_related("remittance", "invoice")[:500]:
        paid, invoice = line.remittance, line.invoice
        yield Step(
            at=paid.recorded_at, kind="payment", title=_("Payment %(trace)s: %(amount)s")
            % {"trace": paid.trace, "amount": show_money(line.paid, paid.currency)},
            key=f"payment:{line.pk}", parent=f"invoice:{line.invoice_id}", state=line.outcome,
            detail=_("%(outcome)s, invoice %(number)s, paid on %(day)s")
            % {
                "outcome": line.get_outcome_display(), "number": invoice.number if invoice else "",
                "day": date_format(paid.paid_on, "j M Y"),
            },
            url=reverse("orders:invoice", args=[invoice.number]) if invoice else "",
        )  # fmt: skip


def _returns(correlation_id: uuid.UUID) -> Iterator[Step]:
    about = Q(correlation_id=correlation_id) | Q(lines__invoice_line__invoice__correlation_id=correlation_id)
    for row in Return.objects.filter(about).distinct():
        billed = row.lines.filter(invoice_line__invoice__correlation_id=correlation_id).first()
        parent = f"invoice:{billed.invoice_line.invoice_id}" if billed and billed.invoice_line else ""
        yield Step(
            at=row.requested_at, kind="return", title=_("Return %(rma)s") % {"rma": row},
            key=f"return:{row.pk}", parent=parent,
            state=row.status, detail=_("%(status)s, %(amount)s asked")
            % {"status": row.get_status_display(), "amount": show_money(row.amount, row.currency)},
        )  # fmt: skip


def _movements(correlation_id: uuid.UUID) -> Iterator[Step]:
    """What warehouses and carriers told; the advice of a warehouse is for staff, where the goods are for the dealer."""
    for release in releases_of_story(correlation_id):
        yield Step(
            at=release.requested_at, kind="warehouse", title=f"{release.warehouse} asked to ship, {release.purpose}",
            key=f"release:{release.pk}", parent=f"order:{release.order_id}", state=release.state, internal=True,
            detail=" · ".join(p for p in (release.reference, release.get_stage_display(), release.error_text) if p),
        )  # fmt: skip
    for advice in advices_of_story(correlation_id):
        yield Step(
            at=advice.recorded_at, kind="warehouse", title=f"{advice.source} shipped {advice.number}",
            key=f"advice:{advice.pk}",
            parent=f"shipment:{advice.shipment_id}" if advice.shipment_id else f"order:{advice.order_id}",
            state=advice.state, internal=True,
            detail=f"from {advice.warehouse}, {advice.get_state_display().lower()}"
            + (f": {advice.findings[0]}" if advice.findings else ""),
        )  # fmt: skip
    events = TrackingEvent.objects.filter(shipment__correlation_id=correlation_id).select_related("shipment__order")
    for event in events:
        yield Step(
            at=event.recorded_at, kind="tracking", title=said_by_carrier(event.meaning), key=f"tracking:{event.pk}",
            parent=f"shipment:{event.shipment_id}",
            detail=" · ".join(
                part
                for part in (
                    date_format(timezone.localtime(event.at), "d M Y H:i"), event.place, said_by_carrier(event.reason)
                )
                if part
            ),
            url=reverse("orders:detail", args=[event.shipment.order.number]),
        )  # fmt: skip
