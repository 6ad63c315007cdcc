"""855 and 810: their content, and that every one of them passes our own maps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Charge, ItemId, Reference
from edi.documents.ack855 import AckLine, AckStatus, OrderAcknowledgment, header_code, write_855
from edi.documents.inv810 import write_810
from edi.documents.order_facts import OrderFacts
from edi.documents.registry import DOCUMENTS, functional_id_of
from edi.x12.errors import WriteError
from tests.edi.documents.golden import assert_valid

UPC = ItemId(qualifier="upc", value="012345678905")
SKU = ItemId(qualifier="sku", value="FST-10001")
FACTS = OrderFacts(
    po_number="RL-70001",
    ordered_on=dt.date(2026, 11, 23),
    references=(Reference(qualifier="DP", value="017"), Reference(qualifier="IA", value="1")),
)
RELEASES = pytest.mark.parametrize("release", ["004010", "005010"])


def line(line_no: str, *statuses: AckStatus) -> AckLine:
    return AckLine(line_no, Decimal(24), "EA", Decimal("9.950"), (UPC, SKU), statuses, "HEX BOLT")


def ack(*lines: AckLine) -> OrderAcknowledgment:
    return OrderAcknowledgment(
        po_number="RL-70001",
        ordered_on=dt.date(2026, 11, 23),
        acknowledged_on=dt.date(2026, 11, 24),
        ack_type=header_code(lines),
        lines=lines,
        order_number="SO-1",
        vendor_code="44871",
        ship_to_code="0014",
        references=FACTS.references,
    )


@RELEASES
def test_an_855_tells_each_line_in_parts(release: str) -> None:
    split = line(
        "1",
        AckStatus("IA", Decimal(20), "EA", "068", dt.date(2026, 11, 25)),
        AckStatus("IB", Decimal(4), "EA", "068", dt.date(2026, 12, 9), "Next receipt 9 December"),
    )
    body = write_855(ack(split, line("2", AckStatus("IR", Decimal(24), "EA"))), release=release)
    text = (
        ["N9", "L1", "REASON"],
        (["MTX", "", "Next receipt 9 December"] if release == "005010" else ["MSG", "Next receipt 9 December"]),
    )
    assert body == [
        ["BAK", "00", "AC", "RL-70001", "20261123", "", "", "", "SO-1", "20261124"],
        ["CUR", "SE", "USD"],
        ["REF", "IA", "44871"],
        ["REF", "DP", "017"],
        ["N1", "ST", "", "92", "0014"],
        ["PO1", "1", "24", "EA", "9.95", "PE", "UP", "012345678905", "VN", "FST-10001"],
        ["PID", "F", "", "", "", "HEX BOLT"],
        ["ACK", "IA", "20", "EA", "068", "20261125"],
        ["ACK", "IB", "4", "EA", "068", "20261209"],
        *text,
        ["PO1", "2", "24", "EA", "9.95", "PE", "UP", "012345678905", "VN", "FST-10001"],
        ["PID", "F", "", "", "", "HEX BOLT"],
        ["ACK", "IR", "24", "EA"],
        ["CTT", "2"],
    ]
    assert_valid("855", body, release)


@RELEASES
@pytest.mark.parametrize("code", ["IA", "IB", "IQ", "IP", "IR", "ID", "IH", "IC", "IS"])
def test_every_line_status_passes_the_map(code: str, release: str) -> None:
    assert_valid("855", write_855(ack(line("1", AckStatus(code, Decimal(1), "EA"))), release=release), release)


@pytest.mark.parametrize(
    ("codes", "expected"), [(("IA", "IA"), "AD"), (("IR", "ID"), "RD"), (("IA", "IB"), "AC"), (("IA", "IR"), "AC")]
)
def test_the_header_code_follows_the_lines(codes: tuple[str, ...], expected: str) -> None:
    lines = [line(str(n), AckStatus(code, Decimal(1), "EA")) for n, code in enumerate(codes)]
    assert header_code(lines) == expected


def test_a_line_without_a_status_is_not_sent() -> None:
    with pytest.raises(WriteError, match="Line 1 has no status"):
        write_855(ack(line("1")))


INVOICE = Invoice(
    kind="invoice",
    number="INV-9",
    order_key="k",
    issued_on=dt.date(2026, 11, 26),
    due_on=dt.date(2026, 12, 26),
    lines=(
        InvoiceLine(
            order_line_no="1",
            items=(UPC, SKU),
            quantity=Decimal(20),
            unit="EA",
            unit_price=Decimal("9.95"),
            amount=Decimal(199),
            description="HEX BOLT",
        ),
    ),
    total=Decimal("224.92"),
    tax=Decimal("16.42"),
    charges=(
        Charge(code="D240", amount=Decimal("12.5"), description="Freight"),
        Charge(code="C310", amount=Decimal(-3)),
    ),
    shipment_number="SH-1",
    terms="Net 30",
)


@RELEASES
def test_an_810_counts_money_in_cents(release: str) -> None:
    body = write_810(INVOICE, FACTS, vendor_code="44871", ship_to_code="0014", release=release)
    assert body[0] == ["BIG", "20261126", "INV-9", "20261123", "RL-70001", "", "", "DI"]
    assert ["IT1", "1", "20", "EA", "9.95", "PE", "UP", "012345678905", "VN", "FST-10001"] in body
    assert ["TDS", "22492"] in body
    assert ["TXI", "TX", "16.42"] in body
    assert [row[:6] for row in body if row[0] == "SAC"] == [
        ["SAC", "C", "D240", "", "", "1250"],
        ["SAC", "A", "C310", "", "", "300"],
    ]
    assert body[-1] == ["CTT", "1"]
    assert_valid("810", body, release)


@RELEASES
def test_a_credit_memo_says_so_and_names_its_invoice(release: str) -> None:
    memo = dataclasses.replace(
        INVOICE, kind="credit_memo", number="CM-1", corrects="INV-9", charges=(), total=Decimal("215.42")
    )
    body = write_810(memo, FACTS, release=release)
    assert body[0][7] == "CR"
    assert ["REF", "OI", "INV-9"] in body
    assert_valid("810", body, release)


def test_the_registry_names_functions_that_exist() -> None:
    import importlib

    for kind in DOCUMENTS.values():
        assert kind.functional_id == functional_id_of(kind.set_id)
        for dotted in filter(None, (kind.reader, kind.writer)):
            module, _, name = dotted.rpartition(".")
            assert callable(getattr(importlib.import_module(module), name))
