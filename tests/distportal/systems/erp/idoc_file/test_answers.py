"""ORDRSP, DESADV and INVOIC bring an order on; what cannot be understood is set aside, its neighbours are read."""

from __future__ import annotations

import datetime as dt
import pathlib
from decimal import Decimal
from typing import Any

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.erp.port import FeedKind, OrderDraft
from tests.distportal.systems.erp.drafts import draft, line
from tests.distportal.systems.erp.idoc_file.sap import (
    bill,
    connected,
    control,
    data,
    delivery,
    drop,
    order_response,
)


def sent(erp: FileErp, **changes: Any) -> OrderDraft:
    wanted = draft(line("1", quantity=12), line("2", "HTL-40001", 1, "CA", "100.32"), **changes)
    erp.advance_order(wanted, None)
    return wanted


def payloads(erp: FileErp, kind: FeedKind) -> list[dict[str, Any]]:
    return [dict(change.payload) for change in erp.changes(kind, None, 500).changes]


def why(folder: pathlib.Path) -> str:
    return "".join(path.read_text("utf-8") for path in sorted((folder / "quarantine").glob("*.why.txt")))


def test_schedule_lines_confirm_quantity_and_date_and_a_rejected_line_is_nothing(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    wanted = sent(erp)
    drop(tmp_path, "r1.idoc", *order_response(
        wanted.order_key,
        data("E2EDP01005", (0, "000001"), (11, "12.000"), (26, "PCE"), (54, "880.00"), (69, "100"), (311, "1710")),
        data("E2EDP20001", (0, "8.000"), (30, "20261201")), data("E2EDP20001", (0, "2.000"), (30, "20261215")),
        data("ZCUSTOM", (0, "anything at all")),
        data("E2EDP01005", (0, "000002"), (11, "1"), (26, "CT"), (212, "05"), (214, "Material blocked")),
    ))  # fmt: skip
    [state] = erp.find_order(wanted.order_key)
    assert (state.stage, state.number, state.reason) == ("accepted", "4711", "Material blocked")
    assert [(i.line_key, i.quantity, i.unit_price, i.confirmed_on, i.warehouse) for i in state.lines] == [
        ("1", Decimal(10), Decimal("8.8"), dt.date(2026, 12, 15), "RENO"),
        ("2", Decimal(0), Decimal("100.32"), None, ""),
    ]
    assert state.total == Decimal(88)
    assert why(tmp_path) == ""


def test_an_order_of_which_every_line_is_rejected_is_rejected(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    wanted = sent(erp)
    drop(tmp_path, "r1.idoc", *order_response(wanted.order_key, *[
        data("E2EDP01005", (0, f"{n:06d}"), (212, "05"), (214, "Credit block")) for n in (1, 2)
    ]))  # fmt: skip
    assert erp.advance_order(wanted, None).stage == "rejected"
    assert erp.find_order(wanted.order_key)[0].reason == "Credit block"


@pytest.mark.parametrize("by_number", [False, True])
def test_a_delivery_is_a_shipment_by_our_key_or_saps_number(tmp_path: pathlib.Path, by_number: bool) -> None:
    erp = connected(tmp_path)
    wanted = sent(erp)
    drop(tmp_path, "r1.idoc", *order_response(wanted.order_key, data("E2EDP01005", (0, "000001"), (11, "12"))))
    drop(tmp_path, "d1.idoc", *delivery(wanted.order_key, "8", order="0000004711" if by_number else ""))
    [payload] = payloads(erp, "shipment")
    shipment = from_json(Shipment, payload)
    assert (shipment.number, shipment.order_key, shipment.ship_from.code, shipment.ship_to.code) == (
        "80000017", wanted.order_key, "RENO", "HARBOR-01",
    )  # fmt: skip
    assert [(i.order_line_no, i.quantity, i.unit, i.carton, i.items[0].value) for i in shipment.lines] == [
        ("1", Decimal(8), "EA", 1, "PLB-30001")
    ]
    assert (shipment.tracking_number, shipment.bill_of_lading, shipment.packed[0].sscc) == (
        "1Z999", "BOL-9", "00340123450000000018",
    )  # fmt: skip
    assert shipment.shipped_at == dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
    assert shipment.weight_lb == Decimal("27.558")
    assert erp.find_order(wanted.order_key)[0].stage == "in_fulfilment"


def test_a_bill_is_an_invoice_and_a_credit_is_a_credit_memo(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    wanted = sent(erp)
    drop(tmp_path, "i1.idoc", *bill(wanted.order_key, "8", "8.80", "4.60", "75.00"))
    [payload] = payloads(erp, "invoice")
    invoice = from_json(Invoice, payload)
    assert (invoice.kind, invoice.number, invoice.total, invoice.tax) == (
        "invoice", "90000005", Decimal("75.00"), Decimal("4.60"),
    )  # fmt: skip
    assert [(i.order_line_no, i.quantity, i.unit_price, i.amount) for i in invoice.lines] == [
        ("1", Decimal(8), Decimal("8.80"), Decimal("70.40"))
    ]
    assert (invoice.issued_on, invoice.due_on, invoice.shipment_number) == (
        dt.date(2026, 11, 27), dt.date(2027, 1, 11), "80000017",
    )  # fmt: skip
    [change] = erp.changes("invoice", None, 10).changes
    number, document, digest = change.version.split(".")
    assert (int(number), len(document), len(digest)) == (1, 16, 16)


def test_the_same_bill_under_a_new_number_of_its_idoc_is_no_news(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    wanted = sent(erp)
    for name in ("i1.idoc", "i2.idoc"):
        drop(tmp_path, name, *bill(wanted.order_key, "8", "8.80", "0", "70.40"))
    assert len(erp.changes("invoice", None, 10).changes) == 1
    assert erp.changes("invoice", None, 10).changes[0].version.startswith(f"{1:012d}.")


def test_several_idocs_in_a_file_stand_or_fall_alone(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    wanted = sent(erp)
    key = wanted.order_key
    drop(tmp_path, "mixed.idoc",
         *bill(key, "8", "8.80", "0", "99.99"),
         *delivery(key, "8"),
         *order_response("NL-NOT-OURS", data("E2EDP01005", (0, "000001"))),
         control("STATUS", "SYSTAT01"), data("E2STATS", (0, "53")),
         *bill(key, "eight", "8.80", "0", "70.40"),
         control("INVOIC", "INVOIC02", sender="EVIL"), data("E2EDK01005", (83, "1")))  # fmt: skip
    assert len(payloads(erp, "shipment")) == 1
    assert payloads(erp, "invoice") == []
    told = why(tmp_path)
    for reason in (
        "states 99.99, its lines, charges and tax come to 70.4",
        "we sent no order NL-NOT-OURS",
        "messages of the type STATUS are not read here",
        "MENGE of E1EDP01: 'eight' is no number",
        "it comes from the partner EVIL, not from PRDCLNT100",
    ):
        assert reason in told
    assert len(told.strip().splitlines()) == 6
    [aside] = [p for p in (tmp_path / "quarantine").iterdir() if not p.name.endswith(".why.txt")]
    assert aside.read_text("utf-8").count("EDI_DC40") == 5


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"EDI_DC    1000000000000000001", "the old record form of R/3 3.x"),
        (b"hello\r\n", "no EDI_DC40"),
        (b"EDI_DC40 \xff\xfe", "can't decode"),
        (b"<ORDERS05><IDOC>", "no well-formed XML"),
        (b"<ORDERS05><IDOC>" + b"<a>" * 3000 + b"</a>" * 3000 + b"</IDOC></ORDERS05>", "nested deeper"),
        (b"<ORDERS05/>", "there is no IDOC in the XML of ORDERS05"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><ORDERS05><IDOC>&b;</IDOC></ORDERS05>', "the document type a"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"), "can't decode"),
    ],
)
def test_a_file_that_is_none_is_set_aside_whole(tmp_path: pathlib.Path, content: bytes, reason: str) -> None:
    erp = connected(tmp_path)
    (tmp_path / "in" / "x.idoc").write_bytes(content)
    assert payloads(erp, "invoice") == []
    assert reason in why(tmp_path)
    assert (tmp_path / "quarantine" / "000000001-x.idoc").read_bytes() == content


def test_xml_is_read_whatever_form_we_write(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    wanted = sent(erp)
    (tmp_path / "in" / "r.xml").write_text(
        f"""<?xml version="1.0"?><ORDERS05><IDOC BEGIN="1">
        <EDI_DC40 SEGMENT="1"><DOCNUM>77</DOCNUM><MESTYP>ORDRSP</MESTYP><SNDPRN>PRDCLNT100</SNDPRN></EDI_DC40>
        <E1EDK01 SEGMENT="1"><CURCY>USD</CURCY></E1EDK01>
        <E1EDK02><QUALF>001</QUALF><BELNR>{wanted.order_key}</BELNR></E1EDK02>
        <E1EDK02><QUALF>002</QUALF><BELNR>4712</BELNR></E1EDK02>
        <E1EDP01><POSEX>1</POSEX><MENGE>12</MENGE><E1EDP20><WMENG>12</WMENG><EDATU>20261203</EDATU></E1EDP20></E1EDP01>
        <ZSEGMENT><E1EDP01><POSEX>9</POSEX></E1EDP01></ZSEGMENT>
        </IDOC></ORDERS05>""",
        encoding="utf-8",
    )
    [state] = erp.find_order(wanted.order_key)
    assert (state.number, state.lines[0].confirmed_on, why(tmp_path)) == ("4712", dt.date(2026, 12, 3), "")
