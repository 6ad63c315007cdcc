"""How far a partner's test has come: each exchange with its state by what really happened, and its evidence."""

from __future__ import annotations

from dataclasses import dataclass

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from edi.choices import AckState, Direction, DocumentState, Exchange, Outcome
from edi.models import Document, TestExchange, TradingPartner
from edi.queries.agreements import takes, wants

_MUST = {
    Exchange.CLEAN: "",
    Exchange.CHANGE: "860",
    Exchange.CANCEL: "860",
    Exchange.ASN: "856",
    Exchange.INVOICE: "810",
}
"""Exchange -> the agreed set that makes it a must; the clean order always is one."""
_HINTS = {
    Exchange.CLEAN: "The partner sends a test order (ISA15 T) of items in stock at agreed prices.",
    Exchange.CHANGE: "The partner sends a change (860, or an 850 with BEG01 04) of its test order.",
    Exchange.PARTIAL: "The partner orders more than there is: our 855 says what comes later or not at all.",
    Exchange.REJECT: "The partner orders what we do not sell to it: our 855 rejects it.",
    Exchange.CANCEL: "The partner cancels its test order (860 or 850 with 01).",
    Exchange.ASN: "We send a ship notice of its test order; the partner acknowledges it.",
    Exchange.INVOICE: "We send an invoice of its test order; the partner acknowledges it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the checklist; `must` has to be passed before going live, `document` is the evidence."""

    exchange: Exchange
    outcome: Outcome
    must: bool
    hint: str
    document: Document | None = None
    answer: Document | None = None
    sentences: tuple[str, ...] = ()


def checklist(partner: TradingPartner) -> list[Check]:
    """Every exchange in the order in which partners test them. Of what we sent the newest try counts, of what the
    partner sent the newest that passed.
    """
    rows = (
        TestExchange.objects.filter(partner=partner)
        .select_related("document", "answer")
        .defer("document__segments", "answer__segments")
    )
    telling: dict[str, TestExchange] = {}
    for row in rows.order_by("at"):
        before = telling.get(row.exchange)
        # What the partner showed once it can do; an order meant to be refused must not undo it.
        if before is None or before.outcome != Outcome.PASSED or row.outcome == Outcome.PASSED:
            telling[row.exchange] = row
    refused = _refused(partner)
    return [_check(partner, exchange, telling.get(exchange), refused) for exchange in Exchange]


def missing_checks(partner: TradingPartner) -> list[Check]:
    """The musts that are not passed."""
    return [check for check in checklist(partner) if check.must and check.outcome != Outcome.PASSED]


def last_accepted_order(partner: TradingPartner) -> TestExchange | None:
    """The newest test order that would have been accepted, wholly or in part."""
    rows = TestExchange.objects.filter(
        partner=partner, outcome=Outcome.PASSED, exchange__in=(Exchange.CLEAN, Exchange.PARTIAL)
    )
    return rows.order_by("-at").first()


def tried_order(partner: TradingPartner, po_number: str) -> AskedOrder | None:
    """The newest order of that PO number that the partner sent as a test, whatever came of it."""
    rows = TestExchange.objects.filter(
        partner=partner, canonical__po_number=po_number, canonical__purpose__in=("original", "confirmation")
    )
    row = rows.order_by("-at").first()
    return from_json(AskedOrder, row.canonical) if row else None


def tries_of(partner: TradingPartner, exchange: Exchange) -> int:
    """How often the exchange was tried."""
    return TestExchange.objects.filter(partner=partner, exchange=exchange).count()


def _refused(partner: TradingPartner) -> dict[str, Document]:
    """Set -> the newest test document of it that our acknowledgment refused."""
    rows = Document.objects.filter(
        partner=partner, direction=Direction.IN, state=DocumentState.INVALID, group__interchange__usage="T"
    )
    return {row.set_id: row for row in rows.order_by("created_at")}


def _check(
    partner: TradingPartner, exchange: Exchange, row: TestExchange | None, refused: dict[str, Document]
) -> Check:
    outcome, document = _outcome(exchange, row), row.document if row else None
    sentences = tuple(str(text) for text in row.summary) if row else ()
    bad = refused.get({Exchange.CLEAN: "850", Exchange.CHANGE: "860"}.get(exchange, ""))
    if bad and outcome != Outcome.PASSED and (document is None or bad.created_at > document.created_at):
        outcome, document, sentences = Outcome.FAILED, bad, tuple(str(text) for text in bad.findings)
    if document and document.direction == Direction.OUT and document.ack_state == AckState.REJECTED:
        sentences = (*sentences, *(str(text) for text in document.findings))
    needed = _MUST.get(exchange)
    must = needed == "" or (needed is not None and (takes(partner, needed) or wants(partner, needed)))
    return Check(
        exchange=exchange,
        outcome=outcome,
        must=must,
        hint=_HINTS[exchange],
        document=document,
        answer=row.answer if row else None,
        sentences=sentences,
    )


def _outcome(exchange: Exchange, row: TestExchange | None) -> Outcome:
    if row is None:
        return Outcome.OPEN
    if row.document.direction == Direction.IN:
        return Outcome(row.outcome)
    ack = row.document.ack_state
    if ack == AckState.NONE:
        return Outcome.PASSED if row.document.sent_at else Outcome.OPEN
    return {AckState.ACCEPTED: Outcome.PASSED, AckState.EXPECTED: Outcome.OPEN}.get(AckState(ack), Outcome.FAILED)
