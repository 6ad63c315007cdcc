"""What we write is read back by a parser that is not ours (mock-edi), and an order that it writes is read by us.

Every sample of every set is taken apart by it, element for element; 855, 865, 856 and 810 it understands too, as a
buyer would; 850 and 860 it writes.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from mockedi import transactions, validate, x12
from mockedi.envelope import Interchange, Message

from edi.documents.po850 import read_850
from edi.documents.poc860 import read_860
from edi.x12.envelope import read_interchange
from edi.x12.structure import TransactionSet
from edi.x12.tokens import split_interchanges
from tests.edi.documents.golden import SAMPLES, read_set

FILES = sorted(path for path in SAMPLES.glob("*/*.edi") if path.parent.name != "bad")
RELEASES = pytest.mark.parametrize("release", ["004010", "005010"])
WHEN = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
BUYER = transactions.Party(identifier="0014", name="Ridgeline Home")
SELLER = {"id": "44871", "name": "Northline Supply"}
LINE = {"line": "1", "sku": "FST-10001", "upc": "012345678905", "quantity": "24", "uom": "EA", "price": "9.95"}


def theirs(path: Path) -> Interchange:
    parsed = x12.parse(path.read_bytes().decode("latin-1"))
    assert isinstance(parsed, Interchange)
    return parsed


def message(set_id: str, name: str, release: str) -> Message:
    """The one set of a sample, which its validator accepts."""
    interchange = theirs(SAMPLES / set_id / f"{name}_{release}.edi")
    report = validate.validate(interchange)
    assert [(found.known, found.accepted) for found in report.messages] == [(True, True)]
    [(_, found)] = interchange.messages()
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_sample_is_taken_apart_alike(path: Path) -> None:
    (raw,) = split_interchanges(path.read_bytes())
    ours, read = read_interchange(raw), theirs(path)
    report = validate.validate(read)
    assert (report.envelope_errors, report.group_errors, report.interchange_findings) == ([], {}, [])
    assert (read.control, read.sender, read.receiver) == (ours.control_number, ours.sender, ours.receiver)
    [(group, found)], [our_group] = read.messages(), ours.groups
    [our_set] = our_group.sets
    assert (found.code, found.control, group.control) == (our_set.st01, our_set.st02, our_group.control_number)
    colon = ours.delimiters.component
    assert [[seg.tag, *(flat(value, colon) for value in seg.elements)] for seg in found.segments] == [
        segment.elements for segment in our_set.segments
    ]


def flat(value: Any, colon: str) -> str:
    """A composite as it stands in the file."""
    return colon.join(value) if isinstance(value, list) else str(value)


@RELEASES
def test_a_buyer_understands_our_855(release: str) -> None:
    told = transactions.read_response(message("855", "every_line", release), "X12")
    assert (told.po_number, told.seller_order, told.verdict, told.responded_on) == (
        "RL-70001", "SO-1", "AC", dt.date(2026, 11, 24),
    )  # fmt: skip
    assert {line.number: (line.status, line.confirmed) for line in told.lines} == {
        "1": ("IA", 24), "2": ("IA", 20), "3": ("IP", 24), "4": ("IQ", 18), "5": ("IC", 24), "6": ("IS", 24),
        "7": ("IS", 24), "8": ("DR", 24), "9": ("IR", 0), "10": ("R2", 24), "11": ("R3", 24), "12": ("ID", 24),
        "13": ("IH", 24), "14": ("BP", 20), "15": ("SP", 24), "16": ("IE", 24), "17": ("IF", 24),
    }  # fmt: skip


@RELEASES
def test_a_buyer_understands_our_865(release: str) -> None:
    told = transactions.read_change_response(message("865", "every_line", release), "X12")
    assert (told.po_number, told.sequence, told.verdict) == ("RL-70001", "3", "AC")
    assert [(line.action, line.quantity, line.confirmed, line.status) for line in told.lines] == [
        ("QD", 18, 18, "IA"), ("QI", 30, 20, "IA"), ("DI", 0, 24, "ID"), ("QD", 24, 0, "IR"),
    ]  # fmt: skip


@RELEASES
@pytest.mark.parametrize(
    ("name", "packed"),
    [("cartons", [12, 8, 6]), ("pallets", [12, 8, 6]), ("standard_packs", [20, 6]), ("no_cartons", [20, 6])],
)
def test_a_buyer_understands_our_856(release: str, name: str, packed: list[int]) -> None:
    told = transactions.read_despatch(message("856", name, release), "X12")
    assert (told.shipment_id, told.po_number, told.scac, told.tracking) == ("SH-1", "RL-70001", "UPSN", "1Z999")
    assert (told.shipped_on, told.estimated_delivery) == (dt.date(2026, 11, 25), dt.date(2026, 11, 28))
    assert [item.quantity for item in told.items] == packed


@RELEASES
def test_a_buyer_understands_our_810(release: str) -> None:
    told = transactions.read_invoice(message("810", "out_invoice", release), "X12")
    assert (told.invoice_number, told.po_number, told.shipment_id) == ("INV-9", "RL-70001", "SH-1")
    assert (told.total, told.tax, told.charges) == (Decimal("226.42"), Decimal("16.42"), Decimal("9.50"))
    assert (told.discount_pct, told.discount_days, told.terms_days) == (2, 10, 30)
    [line] = told.lines
    assert (line.sku, line.quantity, line.price) == ("FST-10001", 20, Decimal("9.95"))


def written_by_them(code: str, functional_id: str, segments: list[Any], release: str) -> TransactionSet:
    interchange = x12.wrap(
        [x12.message(code, "0001", segments, release)],
        "RIDGELINE", "NORTHLINE", "7", "8", functional_id,
        version=release, interchange_version=release[:5], moment=WHEN,
    )  # fmt: skip
    return read_set(x12.render(interchange).encode())


@RELEASES
def test_we_understand_their_850(release: str) -> None:
    order = {"po_number": "RL-70009", "ordered_on": "2026-11-24", "requested_on": "2026-12-01"}
    body = transactions.write_order("X12", BUYER, SELLER, order, [LINE], WHEN)
    read = read_850(written_by_them("850", "PO", body, release), account="RIDGELINE").order
    assert (read.po_number, read.ordered_on, read.requested_on) == (
        "RL-70009", dt.date(2026, 11, 24), dt.date(2026, 12, 1),
    )  # fmt: skip
    assert (read.ship_to.code, read.ship_to.name) == ("0014", "Ridgeline Home")
    [line] = read.lines
    assert (line.line_no, line.quantity, line.unit, line.unit_price) == ("1", 24, "EA", Decimal("9.95"))
    assert {(item.qualifier, item.value) for item in line.items} == {("vendor", "FST-10001"), ("upc", "012345678905")}


@RELEASES
def test_we_understand_their_860(release: str) -> None:
    lowered = transactions.ChangeLine(
        number="1", action="QD", sku="FST-10001", quantity=Decimal(10), uom="EA", price=Decimal("9.95")
    )
    ordered = dt.date(2026, 11, 24)
    change = transactions.Change(po_number="RL-70009", sequence="2", ordered_on=ordered, lines=[lowered])
    body = transactions.write_change("X12", BUYER, SELLER, {"po_number": "RL-70009"}, change, WHEN)
    read = read_860(written_by_them("860", "PC", body, release), account="RIDGELINE").change
    assert (read.po_number, read.sequence, read.purpose) == ("RL-70009", "2", "change")
    [line] = read.lines
    # QD changes the quantity alone (element 670); its price is what the order has already.
    assert (line.kind, line.code, line.line_no, line.quantity, line.unit_price) == ("change", "QD", "1", 10, None)
