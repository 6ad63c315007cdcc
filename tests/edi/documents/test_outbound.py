"""855, 856 and 810: their content, and that every one of them passes our own maps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address, Charge, ItemId, Reference
from distportal.canonical.shipments import Shipment, ShipmentLine
from edi.documents.ack855 import AckLine, AckStatus, OrderAcknowledgment, header_code, write_855
from edi.documents.asn856 import OrderFacts, carton_codes, check_digit, sscc18, write_856
from edi.documents.inv810 import write_810
from edi.documents.registry import DOCUMENTS, functional_id_of
from edi.x12.envelope import read_interchange
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements, split_interchanges
from edi.x12.validate import validate_set
from edi.x12.writer import OutSet, render_interchange
from tests.edi.x12.test_writer import envelope

UPC = ItemId(qualifier="upc", value="012345678905")
SKU = ItemId(qualifier="sku", value="FST-10001")
FACTS = OrderFacts(
    po_number="RL-70001",
    ordered_on=dt.date(2026, 11, 23),
    references=(Reference(qualifier="DP", value="017"), Reference(qualifier="IA", value="1")),
)
RELEASES = pytest.mark.parametrize("release", ["004010", "005010"])


def assert_valid(set_id: str, body: list[Elements], release: str) -> None:
    out = envelope(functional_id=functional_id_of(set_id), version=release)
    (raw,) = split_interchanges(render_interchange(out, [OutSet(set_id, "0001", body)]))
    found = read_interchange(raw)
    assert found.findings == []
    verdict = validate_set(found.groups[0].sets[0])
    assert verdict.sentences == []
    assert verdict.verdict == "A"


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


SHIPMENT = Shipment(
    number="SH-1",
    order_key="k",
    shipped_at=dt.datetime(2026, 11, 25, 16, 30, tzinfo=dt.UTC),
    ship_from=Address(
        code="DC1", name="Northline Supply", street="1 Dock Rd", city="Reno", region="NV", postcode="89501"
    ),
    ship_to=Address(code="0014", name="Ridgeline Store 14"),
    lines=(
        ShipmentLine(order_line_no="1", items=(UPC, SKU), quantity=Decimal(12), unit="EA", carton=1),
        ShipmentLine(order_line_no="1", items=(UPC, SKU), quantity=Decimal(8), unit="EA", carton=2),
        ShipmentLine(order_line_no="2", items=(SKU,), quantity=Decimal(6), unit="BX", carton=2),
    ),
    carrier="UPSN",
    tracking_number="1Z999",
    bill_of_lading="BOL77",
    cartons=2,
    weight_lb=Decimal("42.50"),
    estimated_delivery_on=dt.date(2026, 11, 28),
)


@RELEASES
def test_a_pick_and_pack_856_carries_an_sscc_per_carton(release: str) -> None:
    body = write_856(SHIPMENT, FACTS, sscc_prefix="0614141", sscc_serial=5, vendor_code="44871", release=release)
    assert body[0] == ["BSN", "00", "SH-1", "20261125", "1630", "0001"]
    assert [row[1:] for row in body if row[0] == "HL"] == [
        ["1", "", "S", "1"],
        ["2", "1", "O", "1"],
        ["3", "2", "P", "1"],
        ["4", "3", "I", "0"],
        ["5", "2", "P", "1"],
        ["6", "5", "I", "0"],
        ["7", "5", "I", "0"],
    ]
    codes = carton_codes(SHIPMENT, sscc_prefix="0614141", sscc_serial=5)
    assert [row for row in body if row[0] == "MAN"] == [["MAN", "GM", f"00{codes[1]}"], ["MAN", "GM", f"00{codes[2]}"]]
    assert ["TD1", "CTN", "2", "", "", "", "G", "42.5", "LB"] in body
    assert ["TD5", "", "2", "UPSN"] in body
    assert [row[:3] for row in body if row[0] == "REF"] == [
        ["REF", "BM", "BOL77"],
        ["REF", "CN", "1Z999"],
        ["REF", "IA", "44871"],
        ["REF", "DP", "017"],
    ]
    assert [row[2] for row in body if row[0] == "SN1"] == ["12", "8", "6"]
    assert body[-1] == ["CTT", "7"]
    assert_valid("856", body, release)


@RELEASES
def test_an_856_without_cartons_adds_up_each_line(release: str) -> None:
    body = write_856(SHIPMENT, FACTS, structure="0004", release=release)
    assert [row[3] for row in body if row[0] == "HL"] == ["S", "O", "I", "I"]
    assert [row[2] for row in body if row[0] == "SN1"] == ["20", "6"]
    assert [row for row in body if row[0] == "MAN"] == []
    assert_valid("856", body, release)


def test_an_impossible_856_is_refused() -> None:
    with pytest.raises(WriteError, match="structure"):
        write_856(SHIPMENT, FACTS, structure="0003", sscc_prefix="0614141")
    with pytest.raises(WriteError, match="no lines"):
        write_856(dataclasses.replace(SHIPMENT, lines=()), FACTS, sscc_prefix="0614141")
    with pytest.raises(WriteError, match="prefix"):
        write_856(SHIPMENT, FACTS)


def test_check_digits_and_sscc() -> None:
    assert check_digit("01234567890") == "5"
    assert check_digit("00614141123456789") == "0"
    code = sscc18("0614141", 123456789)
    assert code == "006141411234567890"
    with pytest.raises(WriteError, match="does not fit"):
        sscc18("0614141", 10**9)


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
