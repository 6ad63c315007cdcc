"""820 payment order and remittance advice -> canonical remittance (X12 820, 004010 and 005010)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from distportal.canonical.parts import Reference
from distportal.canonical.remittances import Adjustment, PaidKind, Remittance, RemittanceLine
from distportal.common.money import to_cents
from edi.documents.balance820 import balanced
from edi.documents.set_reader import SetReader
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Segment

KINDS: dict[str, PaidKind] = {
    "IV": "invoice",
    "IK": "invoice",
    "OI": "invoice",
    "CM": "credit_memo",
    "PO": "po",
}
"""RMR01 and ADX03 (X12 element 128) -> what the number names; any other number is shown and matched to nothing."""
INFORMATION = frozenset({"P", "H"})
"""BPR01 that moves no money: prenotification, notification (X12 element 305)."""
_TOO_MUCH = 10**12


@dataclass(frozen=True, slots=True)
class Mapped820:
    """The remittance, or None for a set that announces no money; and what was odd."""

    remittance: Remittance | None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Line:
    segment: Segment
    position: int
    adjustments: list[Adjustment] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_820(tset: TransactionSet, *, account: str) -> Mapped820:
    """The canonical remittance of a valid 820. `account` is our code of the payer.

    Adjustments come out signed, below zero for a deduction, whichever sign the partner uses. Raises MappingError with
    every value that could not be read, and for a payment whose lines do not add up to BPR02.
    """
    return _Remittance(account).read(tset.segments)


class _Remittance(SetReader[Mapped820]):
    """Each handler takes what it knows."""

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self._bpr: tuple[Segment, int] | None = None
        self._trace = ""
        self._currency = "USD"
        self._dates: dict[str, dt.date] = {}
        self._names: dict[str, str] = {}
        self._references: list[Reference] = []
        self._texts: list[str] = []
        self._lines: list[_Line] = []
        self._beside: list[Adjustment] = []
        self._in_entity = self._fresh_entity = False

    def take(self, segment: Segment, position: int) -> None:
        handler = _HANDLERS.get(segment.id)
        if handler is not None:
            handler(self, segment, position)

    def on_bpr(self, segment: Segment, position: int) -> None:
        self._bpr = (segment, position)

    def on_trn(self, segment: Segment, position: int) -> None:
        self._trace = self._trace or segment.get(2).strip()

    def on_cur(self, segment: Segment, position: int) -> None:
        self._currency = segment.get(2).strip() or self._currency

    def on_dtm(self, segment: Segment, position: int) -> None:
        day = self._reader.day(segment, position, 2, "date")
        if day is not None and not self._in_entity:
            self._dates.setdefault(segment.get(1), day)

    def on_n1(self, segment: Segment, position: int) -> None:
        self._names.setdefault(segment.get(1), segment.get(2).strip() or segment.get(4).strip())

    def on_ent(self, segment: Segment, position: int) -> None:
        self._in_entity = self._fresh_entity = True

    def on_ref(self, segment: Segment, position: int) -> None:
        value = (segment.get(2) or segment.get(3)).strip()
        if value:
            into = self._lines[-1].references if self._lines else self._references
            into.append(Reference(qualifier=segment.get(1).strip(), value=value))

    def on_nte(self, segment: Segment, position: int) -> None:
        text = segment.get(2).strip()
        if text:
            (self._lines[-1].notes if self._lines else self._texts).append(text)

    def on_rmr(self, segment: Segment, position: int) -> None:
        self._in_entity, self._fresh_entity = True, False
        self._lines.append(_Line(segment, position))

    def on_adx(self, segment: Segment, position: int) -> None:
        """Below an RMR an ADX says why the RMR pays less; before the first RMR of its ENT it changes the payment."""
        amount = self._amount(segment, position, 1, "adjusted amount")
        if amount is None:
            return
        told = Adjustment(
            amount=amount,
            reason=segment.get(2).strip() or "ZZ",
            kind=KINDS.get(segment.get(3).strip(), "other"),
            number=segment.get(4).strip(),
        )
        if self._lines and not self._fresh_entity:
            self._lines[-1].adjustments.append(told)
        else:
            self._beside.append(told)

    def _amount(self, segment: Segment, position: int, element: int, what: str) -> Decimal | None:
        """A sum of money in whole cents and of a size that invoices have; anything else is a problem."""
        amount = self._reader.number(segment, position, element, what)
        if amount is not None and (abs(amount) >= _TOO_MUCH or amount != to_cents(amount)):
            told = f"The {what} {segment.get(element)!r} is no sum of money in whole cents below {_TOO_MUCH:,}."
            self._reader.problem(segment.id, position, element, told)
            return None
        return amount

    def made(self) -> Mapped820 | None:
        if self._bpr is None:
            self._reader.problem("BPR", 2, 0, "The remittance has no BPR segment, so no amount and no date.")
            return None
        bpr, at = self._bpr
        amount = self._amount(bpr, at, 2, "amount of the payment")
        if bpr.get(1) in INFORMATION or (amount == 0 and not self._lines and not self._beside):
            return Mapped820(None, (f"BPR01 {bpr.get(1)} over {amount or 0}: it announces no money.",))
        if bpr.get(3) == "D":
            self._reader.problem("BPR", at, 3, "The payer draws money from us (D). Settle it with the bank by hand.")
        if not self._trace:
            self._reader.problem("TRN", at, 0, "The payment has no trace number (TRN02), so it could be read twice.")
        paid_on = self._reader.day(bpr, at, 16, "payment date") or self._dates.get("020") or self._dates.get("097")
        if paid_on is None and not bpr.get(16).strip():
            self._reader.problem("BPR", at, 16, "The payment has no date (BPR16 or DTM 020).")
        lines = [self._line(row) for row in self._lines]
        if amount is None or paid_on is None or self._reader.problems:
            return None
        read = balanced(amount, lines, self._beside)
        if read is None:
            sums = sum((line.paid for line in lines), Decimal(0)), sum((a.amount for a in self._beside), Decimal(0))
            told = f"BPR02 is {amount}, the lines pay {sums[0]} and the adjustments beside them are {sums[1]}."
            self._reader.imbalance("BPR", at, 2, f"{told} They do not add up, so nothing was applied.")
            return None
        return Mapped820(self._remittance(bpr, amount, paid_on, read.lines, read.beside), read.notes)

    def _remittance(
        self,
        bpr: Segment,
        amount: Decimal,
        paid_on: dt.date,
        lines: tuple[RemittanceLine, ...],
        beside: tuple[Adjustment, ...],
    ) -> Remittance:
        return Remittance(
            channel="edi",
            account=self._account,
            trace=self._trace,
            paid_on=paid_on,
            amount=amount,
            lines=lines,
            adjustments=beside,
            method=bpr.get(4).strip(),
            currency=self._currency,
            payer=self._names.get("PR", ""),
            payee=self._names.get("PE", ""),
            references=tuple(self._references),
            notes=tuple(self._texts),
        )

    def _line(self, row: _Line) -> RemittanceLine:
        segment, at = row.segment, row.position
        paid, gross = self._amount(segment, at, 4, "paid amount"), self._amount(segment, at, 5, "gross amount")
        discount = self._amount(segment, at, 6, "discount") or Decimal(0)
        adjusted = self._amount(segment, at, 8, "adjustment")
        if paid is None and not segment.get(4).strip():
            self._reader.problem("RMR", at, 4, "The paid amount is missing.")
        told = [Adjustment(amount=adjusted, reason=segment.get(7).strip() or "ZZ")] if adjusted else []
        return RemittanceLine(
            kind=KINDS.get(segment.get(1).strip(), "other"),
            number=segment.get(2).strip(),
            paid=paid or Decimal(0),
            gross=gross,
            discount=abs(discount),
            adjustments=(*told, *row.adjustments),
            references=tuple(row.references),
            note="; ".join(row.notes)[:300],
        )


_HANDLERS = {
    "BPR": _Remittance.on_bpr,
    "TRN": _Remittance.on_trn,
    "CUR": _Remittance.on_cur,
    "DTM": _Remittance.on_dtm,
    "N1": _Remittance.on_n1,
    "ENT": _Remittance.on_ent,
    "REF": _Remittance.on_ref,
    "NTE": _Remittance.on_nte,
    "RMR": _Remittance.on_rmr,
    "ADX": _Remittance.on_adx,
}
