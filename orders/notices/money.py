"""Invoices, credit memos, disputes and returns."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from distportal.common.money import show_money
from distportal.events.base import Delivered
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, Told, add_notice_kind
from orders.choices import DisputeStatus, ReturnStatus
from orders.models import Dispute, Return
from orders.notices.reading import ORDERING, PAYING, of_invoice

MONEY, CLAIMS = _("Invoices"), _("Disputes and returns")
INVOICE_LABELS = {
    "po": _("Your PO"), "number": _("Order"), "issued": _("Issued on"), "due": _("Due on"), "total": _("Total"),
    "open": _("Still open"),
}  # fmt: skip
INVOICE = {
    "invoice": "INV-90041", "number": "SO-1042", "po": "PO-7781", "issued": "4 May 2026", "due": "3 Jun 2026",
    "total": "$1,284.50",
}  # fmt: skip
CLAIM_LABELS = {
    "invoice": _("Invoice"), "answer": _("Answer"), "claimed": _("Claimed"), "agreed": _("Agreed"),
    "why": _("Our reason"),
}  # fmt: skip
DISPUTE = {
    "dispute": "D-311",
    "invoice": "INV-90041",
    "claimed": "$120.00",
    "agreed": "$80.00",
    "why": "Short by one box",
}
RETURN_LABELS = {"answer": _("Answer"), "reference": _("Your reference"), "why": _("Our reason")}
ANSWERS = {
    "dispute.approved": DisputeStatus.APPROVED.label, "dispute.rejected": DisputeStatus.REJECTED.label,
    "return.approved": ReturnStatus.APPROVED.label, "return.rejected": ReturnStatus.REJECTED.label,
}  # fmt: skip
RETURN = {"return": "RMA-77", "answer": "Approved in part", "reference": "R-15", "why": "In order as asked"}


def _of_dispute(event: Delivered) -> Told:
    row = Dispute.objects.select_related("account__calendar", "invoice", "opened_by", "credit_memo").get(
        pk=UUID(event.payload["dispute"])
    )
    facts = {
        "dispute": str(row),
        "invoice": row.invoice.number,
        "claimed": show_money(row.amount_claimed, row.currency),
        "agreed": show_money(row.amount_approved, row.currency) if row.amount_approved else "",
        "answer": str(ANSWERS.get(event.type, "")),
        "memo": row.credit_memo.number if row.credit_memo else "",
        "why": row.decision_reason,
    }
    people = [row.opened_by] if row.opened_by and not row.opened_by.is_staff else ()
    return Told(account=row.account, facts=facts, path=reverse("orders:dispute", args=[row.number]), people=people)


def _of_return(event: Delivered) -> Told:
    row = Return.objects.select_related("account__calendar", "requested_by").get(pk=UUID(event.payload["return"]))
    people = [row.requested_by] if row.requested_by and not row.requested_by.is_staff else ()
    answer = ANSWERS[event.type]
    if event.type == "return.approved" and row.lines.filter(approved__lt=F("quantity")).exists():
        answer = ReturnStatus.PART_APPROVED.label
    facts = {"return": str(row), "answer": str(answer), "reference": row.reference, "why": row.decision_reason}
    return Told(account=row.account, facts=facts, path=reverse("orders:return", args=[row.number]), people=people)


for _kind in (
    NoticeKind(
        key="invoice.issued", group=MONEY, title=_("Invoice issued"),
        sentence=_("Invoice {invoice} over {total} is due on {due}"), action=_("Open the invoice"),
        labels=INVOICE_LABELS, roles=PAYING, sample=INVOICE, events=("invoice.recorded",), read=of_invoice,
    ),
    NoticeKind(
        key="credit_memo.issued", group=MONEY, title=_("Credit memo issued"),
        sentence=_("Credit memo {invoice} over {total} was issued"), action=_("Open the credit memo"),
        labels=INVOICE_LABELS, roles=PAYING, sample={**INVOICE, "invoice": "CM-1204", "total": "(−$80.00)"},
        events=("credit_memo.recorded",), read=of_invoice,
    ),
    NoticeKind(
        key="invoice.overdue", group=MONEY, title=_("Invoice overdue"),
        sentence=_("Invoice {invoice} was due on {due}; {open} is still open"), action=_("Open the invoice"),
        labels=INVOICE_LABELS, roles=PAYING, mandatory=True, weight=7, sample={**INVOICE, "open": "$1,284.50"},
        events=("invoice.overdue",), read=of_invoice,
    ),
    NoticeKind(
        key="dispute.answered", group=CLAIMS, title=_("Dispute answered"),
        sentence=_("Dispute {dispute} on invoice {invoice} was answered"), action=_("Open the dispute"),
        labels=CLAIM_LABELS, roles=PAYING, mail=Mode.OFF, weight=4,
        sample={**DISPUTE, "answer": "Approved, credit requested"},
        events=("dispute.approved", "dispute.rejected"), read=_of_dispute,
    ),
    NoticeKind(
        key="dispute.asked", group=CLAIMS, title=_("Question about a dispute"),
        sentence=_("We need an answer to go on with dispute {dispute} on invoice {invoice}"),
        action=_("Open the dispute"), labels=CLAIM_LABELS, roles=PAYING, mail=Mode.OFF, weight=5,
        sample={"dispute": "D-311", "invoice": "INV-90041", "claimed": "$120.00"},
        events=("dispute.asked",), read=_of_dispute,
    ),
    NoticeKind(
        key="dispute.booked", group=CLAIMS, title=_("Dispute credited"),
        sentence=_("Dispute {dispute} is credited with {memo}"), action=_("Open the dispute"), labels=CLAIM_LABELS,
        roles=PAYING, sample={**DISPUTE, "memo": "CM-1204"}, events=("dispute.booked",), read=_of_dispute,
    ),
    NoticeKind(
        key="return.decided", group=CLAIMS, title=_("Return decided"),
        sentence=_("Return {return} was decided"), action=_("Open the return"), labels=RETURN_LABELS, roles=ORDERING,
        mail=Mode.INSTANT, weight=4, sample=RETURN, events=("return.approved", "return.rejected"), read=_of_return,
    ),
):  # fmt: skip
    add_notice_kind(_kind)
