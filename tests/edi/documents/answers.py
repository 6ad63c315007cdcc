"""One 855 and one 865 with every kind of line, to be written in both releases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from distportal.canonical.parts import ItemId, Reference
from edi.documents.ack855 import AckLine, OrderAcknowledgment, header_code
from edi.documents.ack_lines import AckStatus
from edi.documents.poa865 import ChangeAckLine, ChangeAcknowledgment

UPC = ItemId(qualifier="upc", value="012345678905", code="UP")
BUYER = ItemId(qualifier="buyer", value="RL-5521", code="SK")
RED = ItemId(qualifier="other", value="RED", code="BO")
SKU = ItemId(qualifier="sku", value="FST-10001")
OTHER = (ItemId(qualifier="sku", value="FST-10002"), ItemId(qualifier="upc", value="012345678912"))
SOON, LATER = dt.date(2026, 11, 25), dt.date(2026, 12, 9)
REFERENCES = (Reference(qualifier="DP", value="017"), Reference(qualifier="IA", value="44871"))


def _ack(code: str, quantity: int, **more: object) -> AckStatus:
    return AckStatus(code, Decimal(quantity), "EA", **more)  # type: ignore[arg-type]


_PARTS: tuple[tuple[AckStatus, ...], ...] = (
    (_ack("IA", 24, on=SOON),),
    (_ack("IA", 20), _ack("IB", 4, on=LATER, reason="4 backordered")),
    (_ack("IP", 24, on=SOON),),
    (_ack("IQ", 18, on=SOON), _ack("ID", 6, reason="Agreed by phone")),
    (_ack("IC", 24),),
    (_ack("IS", 24, on=SOON, items=OTHER),),
    (_ack("IS", 24, items=OTHER),),
    (_ack("DR", 24, on=LATER),),
    (_ack("IR", 24, reason="We do not sell this item"),),
    (_ack("R2", 24),),
    (_ack("R3", 24),),
    (_ack("ID", 24),),
    (_ack("IH", 24, reason="The price is being looked at"),),
    (_ack("BP", 20), _ack("IB", 4, on=LATER)),
    (_ack("SP", 24),),
    (_ack("IE", 24, reason="The price is being looked at"),),
    (_ack("IF", 24, reason="Nobody knows this item"),),
)


def every_855() -> OrderAcknowledgment:
    """Each line tells another end."""
    lines = tuple(
        AckLine(str(n), Decimal(24), "EA", Decimal("9.950"), (UPC, BUYER, RED, SKU), parts, "HEX BOLT")
        for n, parts in enumerate(_PARTS, 1)
    )
    return OrderAcknowledgment(
        po_number="RL-70001",
        ordered_on=dt.date(2026, 11, 23),
        acknowledged_on=dt.date(2026, 11, 24),
        ack_type=header_code(lines),
        lines=lines,
        order_number="SO-1",
        references=REFERENCES,
        vendor_code="44871",
        ship_to_code="0014",
    )


def refused_855() -> OrderAcknowledgment:
    """A cancellation that came too late."""
    return OrderAcknowledgment(
        po_number="RL-70001",
        ordered_on=dt.date(2026, 11, 23),
        acknowledged_on=dt.date(2026, 11, 24),
        ack_type="RJ",
        lines=(),
        order_number="SO-1",
        purpose="01",
        reason="SO-1: everything has left already",
    )


def every_865() -> ChangeAcknowledgment:
    """One line done, one in part, one deleted, one refused."""
    rows = (
        ("1", "QD", 18, 18, (_ack("IA", 18, on=SOON),)),
        ("2", "QI", 30, 30, (_ack("IA", 20), _ack("IB", 10, on=LATER, reason="10 backordered"))),
        ("3", "DI", 0, 0, (_ack("ID", 24),)),
        ("4", "QD", 24, 4, (_ack("IR", 10, reason="20 of line 4 have left, it cannot become 10"),)),
    )
    return ChangeAcknowledgment(
        purpose="04",
        ack_type="AC",
        po_number="RL-70001",
        ordered_on=dt.date(2026, 11, 23),
        acknowledged_on=dt.date(2026, 11, 26),
        changed_on=dt.date(2026, 11, 25),
        lines=tuple(
            ChangeAckLine(
                line_no=no, code=code, quantity=Decimal(quantity), left=Decimal(left), unit="EA",
                unit_price=Decimal("9.95"), items=(UPC, BUYER, SKU), statuses=statuses,
            )
            for no, code, quantity, left, statuses in rows
        ),
        sequence="3",
        order_number="SO-1",
        references=REFERENCES,
        vendor_code="44871",
        ship_to_code="0014",
    )  # fmt: skip
