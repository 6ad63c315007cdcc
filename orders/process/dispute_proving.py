"""Gather what proves a dispute: what we have by ourselves, and what somebody adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_noop

from distportal.accounts.speaking import ENGLISH
from distportal.common.money import show_price
from distportal.common.site_day import site_day
from orders.choices import DisputeStatus, InvoiceKind
from orders.errors import DisputeRefused
from orders.models import Dispute, DisputeEvidence, Invoice, ProofOfDelivery, ReturnLine
from orders.process.dispute_moves import enter
from orders.process.locks import locked_dispute
from orders.queries.evidence import (
    AGREED_DAY,
    CONTRACT,
    EVIDENCE,
    EVIDENCE_WORDS,
    ORDER,
    OTHER_INVOICE,
    PROOF,
    RETURN,
    SENT_BACK,
    missing_of,
)

_Found = Iterator[tuple[str, str]]
"""Reference and words of each thing."""


@transaction.atomic
def add_evidence(*, dispute_id: UUID, item: str, reference: str, words: str, actor: str) -> Dispute:
    """The dispute with one thing more (`file:<id>` sent by the dealer, a note of ours); the same reference again
    changes nothing. Raises DisputeRefused for an item that no list has.
    """
    row = locked_dispute(dispute_id)
    if item not in EVIDENCE_WORDS:
        raise DisputeRefused("that is nothing that proves a dispute; nothing was added")
    known = DisputeEvidence.objects.filter(dispute=row, item=item, reference=reference[:120])
    if not known.exists():
        row.evidence.create(item=item, reference=reference[:120], words=words[:300], actor=actor[:120])
        with translation.override(ENGLISH):  # what is stored is English, whoever sent it
            enter(row, "evidence", f"{EVIDENCE_WORDS[item]}: {words}", actor=actor)
        _judge(row)
    return row


def find_evidence(row: Dispute) -> None:
    """What our own records have of the dispute's list is on it; again, it adds what is new.

    The caller holds the dispute's lock.
    """
    fresh = [
        DisputeEvidence(dispute=row, item=item, reference=reference[:120], words=words[:300], actor="found by itself")
        for item in EVIDENCE.get(row.reason, ())
        if item in _FINDERS
        for reference, words in _FINDERS[item](row)
    ]
    DisputeEvidence.objects.bulk_create(fresh, ignore_conflicts=True)
    _judge(row)


@transaction.atomic
def find_evidence_of_shipment(*, shipment_id: UUID) -> int:
    """How many disputes that nobody has decided looked again for what proves them: a proof of the shipment came."""
    rows = Dispute.objects.filter(invoice__shipment=shipment_id, status__in=DisputeStatus.UNDECIDED)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        find_evidence(locked_dispute(pk))
    return len(ids)


def _judge(row: Dispute) -> None:
    ready = row.reason in EVIDENCE and not missing_of(row)
    if ready != row.evidence_ready:
        row.evidence_ready = ready
        row.save(update_fields=["evidence_ready", "updated_at"])


def _contract(row: Dispute) -> _Found:
    for line in row.lines.select_related("invoice_line").order_by("pk"):
        billed = line.invoice_line
        if billed.agreed_price is not None:
            told = {
                "line_no": billed.position, "agreed": show_price(billed.agreed_price, row.currency),
                "billed": show_price(billed.unit_price, row.currency),
            }  # fmt: skip
            yield f"line:{billed.pk}", gettext_noop("Line %(line_no)s: %(agreed)s agreed, %(billed)s billed") % told


def _proof(row: Dispute) -> _Found:
    if row.invoice.shipment_id:
        for proof in ProofOfDelivery.objects.filter(shipment=row.invoice.shipment_id).defer("image"):
            by = proof.signed_by or gettext_noop("somebody who is not named")
            told = {"at": date_format(timezone.localtime(proof.delivered_at), "j M Y"), "who": by}
            yield f"proof:{proof.pk}", gettext_noop("Delivered %(at)s, signed by %(who)s") % told


def _order(row: Dispute) -> _Found:
    if order := row.invoice.order:
        yield f"order:{order.pk}", f"{order}, PO {order.po_number or 'without a number'}"


def _returned(row: Dispute) -> Iterator[ReturnLine]:
    lines = row.lines.values("invoice_line")
    yield from ReturnLine.objects.filter(invoice_line__in=lines).select_related("request").order_by("pk")


def _return(row: Dispute) -> _Found:
    for line in _returned(row):
        yield f"return:{line.request_id}", f"{line.request}: {line.request.get_status_display().lower()}"


def _sent_back(row: Dispute) -> _Found:
    for line in _returned(row):
        if line.received:
            told = {"rma": line.request, "much": f"{line.received.normalize():f} {line.unit}"}
            yield f"return-line:{line.pk}", gettext_noop("%(rma)s: %(much)s came back") % told


def _other_invoice(row: Dispute) -> _Found:
    this = row.invoice
    if this.order_id is None:
        return
    rows = Invoice.objects.filter(account=row.account_id, order=this.order_id, kind=InvoiceKind.INVOICE)
    for other in rows.filter(total=this.total).exclude(pk=this.pk).order_by("issued_on")[:5]:
        told = gettext_noop("Invoice %(number)s of %(day)s over the same amount")
        yield f"invoice:{other.pk}", told % {"number": other.number, "day": other.issued_on}


def _agreed_day(row: Dispute) -> _Found:
    shipment, order = row.invoice.shipment, row.invoice.order
    if order and order.requested_on:
        told = {"order": order, "day": order.requested_on}
        if shipment and shipment.delivered_at:
            came = told | {"came": f"{site_day(shipment.delivered_at):%Y-%m-%d}"}
            yield f"day:{order.pk}", gettext_noop("%(order)s was wanted for %(day)s, delivered %(came)s") % came
        else:
            yield f"day:{order.pk}", gettext_noop("%(order)s was wanted for %(day)s") % told


_FINDERS: Mapping[str, Callable[[Dispute], _Found]] = {
    CONTRACT: _contract,
    PROOF: _proof,
    ORDER: _order,
    RETURN: _return,
    SENT_BACK: _sent_back,
    OTHER_INVOICE: _other_invoice,
    AGREED_DAY: _agreed_day,
}
