"""The cases about deadlines: one warning before, one when it was missed; both end when the document leaves."""

from __future__ import annotations

from django.utils import timezone

from distportal.common.money import show_money
from edi.models import DueDocument
from edi.queries.cases import has_open_case
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases

SUBJECT = "edi_due"


def tell_near(row: DueDocument) -> bool:
    """Whether the warning is new: each due document has one, with the moment by which it has to leave."""
    if has_open_case(subject_type=SUBJECT, subject_id=str(row.pk)):
        return False
    until = timezone.localtime(row.due_at)
    open_case(
        kind="edi.deadline_near",
        code="deadline_near",
        subject_type=SUBJECT,
        subject_id=str(row.pk),
        sentence=f"The {row.set_id} for {_what(row)} has to leave for {row.partner} by {until:%Y-%m-%d %H:%M}",
        account=row.partner.account,
        cutoff_at=row.due_at,
        amount=row.fee,
        currency=row.currency,
        data=_facts(row),
    )
    return True


def tell_missed(row: DueDocument) -> None:
    """The deadline passed and nothing left: the warning ends, a case with the fee begins."""
    end_due(row, "the deadline passed")
    fee = f": {show_money(row.fee, row.currency)} may be charged" if row.fee else ""
    open_case(
        kind="edi.deadline_missed",
        code="deadline_missed",
        subject_type=SUBJECT,
        subject_id=str(row.pk),
        sentence=f"The {row.set_id} for {_what(row)} did not leave for {row.partner} in time{fee}",
        account=row.partner.account,
        amount=row.fee,
        currency=row.currency,
        data=_facts(row),
    )


def end_due(row: DueDocument, why: str) -> None:
    """Nobody has to look after it any more."""
    resolve_cases(subject_type=SUBJECT, subject_id=str(row.pk), resolution=Resolution.BY_EVENT, reason=why)


def _what(row: DueDocument) -> str:
    if row.shipment:
        return f"shipment {row.shipment.number} of {row.order}"
    if row.order:
        return f"{row.order}, PO {row.order.po_number}"
    return f"group {row.group.control_number}" if row.group else row.subject


def _facts(row: DueDocument) -> dict[str, object]:
    said = [f"Agreed: {row.rule}."]
    said += [f"{row.explanation}."] if row.explanation else []
    said += [f"Source: {row.rule.source}"] if row.rule.source else []
    facts: dict[str, object] = {"due": row.due_at.isoformat(), "sentences": said}
    return facts | ({"interchange": str(row.group.interchange_id)} if row.group else {})
