"""820, 812, 180, 824 and 810 against golden files, in both directions and releases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from distportal.canonical.base import to_json
from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address, Charge, ItemId, Reference
from edi.documents.aa824 import AdvisedDocument, read_824, write_824
from edi.documents.carriage import Carriage
from edi.documents.cd812 import read_812, write_812
from edi.documents.inv810 import Billing, write_810
from edi.documents.order_facts import OrderFacts
from edi.documents.ra820 import read_820
from edi.documents.registry import functional_id_of
from edi.documents.rma180 import AnsweredLine, ReturnAnswer, read_180, write_180
from edi.documents.values import Imbalance
from edi.x12.envelope import read_interchange
from edi.x12.errors import Problem
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements, split_interchanges
from edi.x12.validate import validate_set
from edi.x12.writer import OutSet, render_interchange
from tests.edi.x12.test_writer import envelope

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
READERS: dict[str, Callable[[TransactionSet], Any]] = {
    "820": lambda tset: read_820(tset, account="RIDGELINE"),
    "812": lambda tset: read_812(tset, account="RIDGELINE"),
    "180": lambda tset: read_180(tset, account="RIDGELINE"),
    "824": read_824,
}
INBOUND = [path for set_id in READERS for path in sorted((SAMPLES / set_id).glob("*.json"))]
UPC = ItemId(qualifier="upc", value="012345678905")
SKU = ItemId(qualifier="sku", value="FST-10001")
FACTS = OrderFacts(
    po_number="RL-70001",
    ordered_on=dt.date(2026, 11, 23),
    references=(Reference(qualifier="DP", value="017"), Reference(qualifier="BM", value="THEIRS")),
)
LINE = InvoiceLine(
    order_line_no="1",
    items=(UPC, SKU),
    quantity=Decimal(20),
    unit="EA",
    unit_price=Decimal("9.95"),
    amount=Decimal(199),
    description="HEX BOLT",
    charges=(Charge(code="H000", amount=Decimal("1.50"), description="Cut to length"),),
)
INVOICE = Invoice(
    kind="invoice",
    number="INV-9",
    order_key="k",
    issued_on=dt.date(2026, 11, 26),
    due_on=dt.date(2026, 12, 26),
    lines=(LINE,),
    total=Decimal("226.42"),
    tax=Decimal("16.42"),
    charges=(
        Charge(code="D240", amount=Decimal("12.5"), description="Freight"),
        Charge(code="C310", amount=Decimal(-3), description="Promotion"),
    ),
    shipment_number="SH-1",
    terms="2% 10 Net 30",
)
BILLING = Billing(
    remit_to=Address(name="Northline Supply", code="44871"),
    bill_to=Address(name="Ridgeline Home", code="RIDGELINE"),
    carriage=Carriage(
        shipped_on=dt.date(2026, 11, 25),
        carrier="UPSN",
        tracking_number="1Z999",
        bill_of_lading="BOL77",
        cartons=2,
        weight_lb=Decimal("42.50"),
    ),
    packs={"1": (Decimal(12), "EA")},
)
MEMO = dataclasses.replace(
    INVOICE,
    kind="credit_memo",
    number="CM-1",
    corrects="INV-9",
    lines=(dataclasses.replace(LINE, quantity=Decimal(1), unit_price=Decimal(60), amount=Decimal(60), charges=()),),
    total=Decimal(60),
    tax=Decimal(0),
    charges=(),
    shipment_number="",
)
ANSWER = ReturnAnswer(
    reference="RR-501",
    answered_on=dt.date(2026, 12, 3),
    number="RMA-100001",
    po_number="RL-70001",
    lines=(
        AnsweredLine(line_no="1", items=(UPC, SKU), quantity=Decimal(2), unit="EA", disposition="RA",
                     invoice_number="INV-9"),
        AnsweredLine(line_no="2", items=(SKU,), quantity=Decimal(0), unit="EA", disposition="RD", answer="QD",
                     words="At most 0 of it can come back on invoice INV-8."),
    ),
)  # fmt: skip
ADVISED = AdvisedDocument(
    set_id="820", group_control_number="71", set_control_number="0001", reference="4711-88", version="004010"
)
LONG = "The payment names an invoice that is not known to us in any way that we could think of, so nothing was applied."
PROBLEMS = [
    Imbalance("BPR", 2, 2, "BPR02 is 5, the lines pay 4. They do not add up."),
    Problem("TRN", 3, 0, LONG),
    LONG,
]


def outbound(release: str) -> dict[str, tuple[str, list[Elements]]]:
    """File name -> set and body."""
    return {
        "810/out_invoice": ("810", write_810(INVOICE, FACTS, vendor_code="44871", ship_to_code="0014",
                                             release=release, billing=BILLING)),
        "810/out_memo": ("810", write_810(MEMO, FACTS, vendor_code="44871", ship_to_code="0014", release=release)),
        "812/out_memo": ("812", write_812(MEMO, FACTS, seller=Address(name="Northline Supply"), reason="06",
                                          vendor_code="44871", ship_to_code="0014")),
        "180/out_answer": ("180", write_180(ANSWER)),
        "824/out_rejected": ("824", write_824(ADVISED, PROBLEMS, number="A-1", on=dt.date(2026, 12, 3))),
    }  # fmt: skip


def rendered(set_id: str, body: list[Elements], release: str) -> bytes:
    out = envelope(functional_id=functional_id_of(set_id), version=release, line_breaks=True)
    return render_interchange(out, [OutSet(set_id, "0001", body)]).replace(b"\r\n", b"\n")


def only_set(content: bytes) -> TransactionSet:
    (raw,) = split_interchanges(content)
    found = read_interchange(raw)
    assert found.findings == []
    (tset,) = found.groups[0].sets
    return tset


@pytest.mark.parametrize("path", INBOUND, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_each_inbound_sample_is_valid_and_gives_its_canonical_object(path: Path) -> None:
    tset = only_set(path.with_suffix(".edi").read_bytes())
    assert validate_set(tset).sentences == []
    assert to_json(READERS[path.parent.name](tset)) == json.loads(path.read_text())


@pytest.mark.parametrize("release", ["004010", "005010"])
@pytest.mark.parametrize("name", sorted(outbound("004010")))
def test_each_outbound_document_is_valid_and_byte_equal_to_its_golden_file(name: str, release: str) -> None:
    set_id, body = outbound(release)[name]
    content = rendered(set_id, body, release)
    assert validate_set(only_set(content)).sentences == []
    assert content.decode() == (SAMPLES / f"{name}_{release}.edi").read_text()


def test_both_releases_of_every_set_have_inbound_samples() -> None:
    found = {(path.parent.name, path.stem[-6:]) for path in INBOUND}
    assert found == {(set_id, release) for set_id in READERS for release in ("004010", "005010")}


@pytest.mark.parametrize("release", ["004010", "005010"])
def test_what_we_write_of_both_way_sets_reads_back(release: str) -> None:
    told = read_812(only_set(rendered(*outbound(release)["812/out_memo"], release)), account="X")
    assert (told.side, told.amount, told.invoice_number, told.lines[0].reason) == ("credit", Decimal(60), "INV-9", "06")
    (advice,) = read_824(only_set(rendered(*outbound(release)["824/out_rejected"], release)))
    assert (advice.verdict, advice.set_id, advice.group_control_number) == ("rejected", "820", "71")
    assert "".join(advice.sentences[1:3]).startswith("The payment names an invoice")
