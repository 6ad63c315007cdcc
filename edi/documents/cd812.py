"""812 credit/debit adjustment, both ways (X12 812, 004010 and 005010)."""

from __future__ import annotations

from decimal import Decimal

from distportal.canonical.debits import DebitCredit, DebitCreditLine, Side
from distportal.canonical.invoices import Invoice
from distportal.canonical.parts import Address, Reference
from edi.documents.items import items_of, pairs_of
from edi.documents.order_facts import OrderFacts
from edi.documents.parties import party_segments
from edi.documents.references import VENDOR
from edi.documents.set_reader import SetReader
from edi.documents.values import cents_text, day_text, number_text
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements, Segment

_SIDES: dict[str, Side] = {"C": "credit", "D": "debit"}
"""BCD05 and CDD02 (X12 element 478)."""
_INVOICE = frozenset({"IV", "IK", "OI"})


def read_812(tset: TransactionSet, *, account: str) -> DebitCredit:
    """The canonical adjustment of a valid 812; `account` is our code of its sender. A debit is what it will not pay.

    BCD04 and CDD04 are in cents (N2). Raises MappingError with every value that could not be read.
    """
    return _Adjustment(account).read(tset.segments)


class _Line:
    def __init__(self, segment: Segment, position: int) -> None:
        self.segment, self.position = segment, position
        self.item: Segment | None = None
        self.invoice, self.texts = "", list[str]()


class _Adjustment(SetReader[DebitCredit]):
    def __init__(self, account: str) -> None:
        super().__init__(account)
        self._head: tuple[Segment, int] | None = None
        self._currency, self._invoice = "USD", ""
        self._references: list[Reference] = []
        self._lines: list[_Line] = []
        self._in_party = False

    def take(self, segment: Segment, position: int) -> None:
        if segment.id == "BCD":
            self._head = (segment, position)
        elif segment.id == "CUR":
            self._currency = segment.get(2).strip() or self._currency
        elif segment.id == "N1":
            self._in_party = True
        elif segment.id == "CDD":
            self._lines.append(_Line(segment, position))
        elif segment.id == "LIN" and self._lines:
            self._lines[-1].item = segment
        elif segment.id == "N9":
            self._reference(segment)

    def _reference(self, segment: Segment) -> None:
        kind, number, words = (segment.get(at).strip() for at in (1, 2, 3))
        line = self._lines[-1] if self._lines else None
        if line is not None and kind in _INVOICE:
            line.invoice = line.invoice or number
        elif line is not None and words:
            line.texts.append(words)
        elif line is None and kind in _INVOICE and not self._in_party:
            self._invoice = self._invoice or number
        elif line is None and number and not self._in_party:
            self._references.append(Reference(qualifier=kind, value=number))

    def made(self) -> DebitCredit | None:
        if self._head is None:
            self._reader.problem("BCD", 2, 0, "The adjustment has no BCD segment, so no number and amount.")
            return None
        bcd, at = self._head
        number = self._reader.text(bcd, at, 2, "number of the adjustment")
        issued_on = self._reader.day(bcd, at, 1, "date of the adjustment")
        side, amount = self._side(bcd, at, 5), self._cents(bcd, at, 4)
        lines = [line for row in self._lines if (line := self._line(row)) is not None]
        if side and amount is not None and not self._lines:
            lines = [DebitCreditLine(side=side, reason="ZZ", amount=amount)]
        if not self._reader.problems and amount is not None and side:
            signed = sum((line.amount if line.side == side else -line.amount for line in lines), Decimal(0))
            if signed != amount:
                told = f"BCD04 is {amount}, the lines (CDD04) come to {signed}; they do not add up."
                self._reader.imbalance("BCD", at, 4, told)
        if issued_on is None or side is None or amount is None or self._reader.problems:
            return None
        return DebitCredit(
            channel="edi",
            account=self._account,
            number=number,
            issued_on=issued_on,
            side=side,
            amount=amount,
            lines=tuple(lines),
            invoice_number=bcd.get(7).strip() or self._invoice,
            po_number=bcd.get(10).strip(),
            currency=self._currency,
            references=tuple(self._references),
        )

    def _line(self, row: _Line) -> DebitCreditLine | None:
        segment, at = row.segment, row.position
        side, amount = self._side(segment, at, 2), self._cents(segment, at, 4)
        quantity = self._reader.number(segment, at, 7, "quantity")
        if side is None or amount is None:
            return None
        return DebitCreditLine(
            side=side,
            reason=segment.get(1).strip() or "ZZ",
            amount=amount,
            invoice_number=row.invoice,
            items=items_of(row.item.elements[2:]) if row.item else (),
            quantity=quantity,
            unit=segment.get(8).strip(),
            note="; ".join([*row.texts, *filter(None, [segment.get(14).strip()])])[:300],
        )

    def _side(self, segment: Segment, at: int, element: int) -> Side | None:
        side = _SIDES.get(segment.get(element).strip())
        if side is None:
            told = f"{segment.get(element)!r} is neither credit (C) nor debit (D)."
            self._reader.problem(segment.id, at, element, told)
        return side

    def _cents(self, segment: Segment, at: int, element: int) -> Decimal | None:
        """N2: cents without a point; a partner's point is taken as written. Always above zero, CDD02 has the side."""
        text = segment.get(element).strip()
        number = self._reader.number(segment, at, element, "amount")
        if number is None:
            if not text:
                self._reader.problem(segment.id, at, element, "The amount is missing.")
            return None
        return abs(number if "." in text else number / 100)


def write_812(
    memo: Invoice,
    order: OrderFacts,
    *,
    seller: Address,
    reason: str = "ZZ",
    vendor_code: str = "",
    ship_to_code: str = "",
) -> list[Elements]:
    """The body of the 812 that tells a credit memo of ours, BCD to CDD; `reason` by X12 element 426. One CDD a line.

    C says that the buyer is credited. Amounts are in cents (N2).
    """
    bcd = ["BCD", day_text(memo.issued_on), memo.number, "I", cents_text(memo.total), "C"]
    ordered = "" if order.ordered_on is None else day_text(order.ordered_on)
    body: list[Elements] = [[*bcd, "", memo.corrects, "", ordered, order.po_number]]
    body.append(["CUR", "SE", memo.currency])
    if memo.corrects:
        body.append(["N9", "OI", memo.corrects])
    if vendor_code:
        body.append(["N9", VENDOR, vendor_code])
    body += party_segments("SE", seller) + party_segments("ST", Address(code=ship_to_code))
    for line in memo.lines:
        quantity = [number_text(line.quantity), line.unit, "", "UCP", number_text(line.unit_price)]
        body.append(["CDD", reason, "C", line.order_line_no, cents_text(line.amount), "", "", *quantity])
        pairs = pairs_of(line.items)
        if pairs:
            body.append(["LIN", "", *pairs])
    return body
