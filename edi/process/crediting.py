"""820, 812 and 180: what buyers pay, keep back and want to send back, each through its process in orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.parts import ItemId
from distportal.canonical.returns import Return as ReturnFact
from distportal.common.money import show_money
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from edi.documents.cd812 import read_812
from edi.documents.ra820 import read_820
from edi.documents.rma180 import AnsweredLine, ReturnAnswer, read_180, write_180
from edi.models import Document
from edi.process.outbound import Outgoing, send_set
from edi.process.using import use_document
from edi.queries.agreements import wants
from edi.queries.credits import return_lines_of, return_of, return_source
from edi.x12.structure import TransactionSet
from orders.process.debits import record_debit
from orders.process.remittances import record_remittance
from orders.process.returns import request_return

if TYPE_CHECKING:
    from orders.models import ReturnLine


def source_key(document: Document) -> str:
    """The key that makes taking a document twice harmless."""
    return f"edi:{document.pk}"


def take_remittance(*, document_id: UUID) -> None:
    """The 820 is recorded and matched to invoices."""
    use_document(document_id=document_id, read=_as_it_came, use=_pay)


def take_debit(*, document_id: UUID) -> None:
    """The 812 is in dispute, or noted."""
    use_document(document_id=document_id, read=_as_it_came, use=_debit)


def take_return(*, document_id: UUID) -> None:
    """The 180 is a return that somebody or a policy decides."""
    use_document(document_id=document_id, read=_as_it_came, use=_return)


@transaction.atomic
def answer_return(*, return_id: UUID) -> Document | None:
    """The 180 that answers a decided return; None where it came another way or nobody waits for the answer."""
    row = return_of(return_id=return_id)
    source = return_source(row)
    if source is None or not wants(source.partner, "180"):
        return None
    asked = from_json(ReturnFact, row.canonical)
    granted = row.amount_approved > 0 or row.status in ("approved", "part_approved")
    lines = tuple(
        AnsweredLine(
            line_no=line.line_no,
            items=_items(line),
            quantity=line.approved,
            unit=line.unit,
            disposition="RD" if not line.approved else "RA" if line.approved == line.quantity else "PA",
            answer="" if line.approved == line.quantity else line.answer,
            words="" if line.approved == line.quantity else line.problem or row.decision_reason,
            invoice_number=line.invoice_line.invoice.number if line.invoice_line else "",
        )
        for line in return_lines_of(row)
    )
    answer = ReturnAnswer(
        reference=asked.reference,
        answered_on=site_day(database_now()),
        lines=lines,
        number=str(row) if granted else "",
        po_number=asked.lines[0].po_number,
    )
    outgoing = Outgoing(set_id="180", business_key=f"180:{row.pk}", body=write_180(answer))
    return send_set(partner=source.partner, outgoing=outgoing)


def _items(line: ReturnLine) -> tuple[ItemId, ...]:
    """The numbers the buyer used, then ours."""
    asked = [ItemId(qualifier=one["qualifier"], value=one["value"]) for one in line.asked_items]
    ours = [ItemId(qualifier="sku", value=line.item.sku)] if line.item else []
    return tuple(dict.fromkeys([*asked, *ours]))


def _as_it_came(tset: TransactionSet) -> TransactionSet:
    """Whose account it is about is known with the document only, so it is read there."""
    return tset


def _account(document: Document) -> str:
    """Our code of the buyer; "" for a partner that is none, so that the process tells that it knows no such account."""
    account = document.partner.account
    return account.code if account else ""


def _told_by(document: Document, what: str) -> str:
    return f"EDI {document.partner.name}, {document.set_id} {what}"[:120]


def _pay(document: Document, tset: TransactionSet) -> Sequence[str]:
    mapped = read_820(tset, account=_account(document))
    if mapped.remittance is None:
        return mapped.notes
    told_by = _told_by(document, f"trace {mapped.remittance.trace}")
    recorded = record_remittance(remittance=mapped.remittance, source_key=source_key(document), told_by=told_by)
    row = recorded.remittance
    outcome = {
        "recorded": f"{show_money(row.amount, row.currency)} recorded under trace {row.trace}.",
        "repeated": f"Trace {row.trace} with the same content was recorded before.",
        "conflict": f"Trace {row.trace} was recorded before with other content. A case tells both.",
    }
    return [*mapped.notes, outcome[recorded.outcome]]


def _debit(document: Document, tset: TransactionSet) -> Sequence[str]:
    adjustment = read_812(tset, account=_account(document))
    debited = record_debit(adjustment=adjustment, told_by=_told_by(document, adjustment.number))
    return [
        *(f"{row} claims {show_money(row.amount_claimed, row.currency)}." for row in debited.disputes),
        *debited.notes,
    ]


def _return(document: Document, tset: TransactionSet) -> Sequence[str]:
    asked = read_180(tset, account=_account(document))
    row = request_return(
        request=asked,
        source_key=source_key(document),
        requested_name=_told_by(document, asked.reference),
        strict=False,
    )
    return [f"It is return {row}, {row.get_status_display().lower()}."]
