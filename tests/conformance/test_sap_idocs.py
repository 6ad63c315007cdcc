"""IDocs against a SAP-shaped peer made by others: it takes what we write, and we read what it writes."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.systems.erp.files.adapter import FileErp
from tests.conformance.conftest import only, settled
from tests.conformance.test_feeds import of, read
from tests.conformance.worlds.base import World
from tests.conformance.worlds.sap import SapWorld
from tests.distportal.systems.erp.idoc_file.sap import connected, data, drop, order_response

pytestmark = only("sap_odata")
GENERATE = "/sap/bc/idoc/generate?format=xml"


@pytest.fixture
def sap(world: World) -> SapWorld:
    """The world as what it is."""
    assert isinstance(world, SapWorld)
    return world


def by_files(folder: pathlib.Path, form: str) -> FileErp:
    """An adapter for the peer's codes."""
    return connected(
        folder, form=form, receiver="SAPMCK/LS/MCKCLNT100", item_segment="E2EDP01007/460", items={}, customers={},
        ship_tos={}, units={"EA": "PC"}, warehouses={"RENO": "1710"},
    )  # fmt: skip


@pytest.mark.parametrize("form", ["xml", "flat"])
def test_the_peer_takes_the_order_that_we_write(
    sap: SapWorld, tmp_path: pathlib.Path, form: str, evidence: Callable[[str], None]
) -> None:
    wanted = sap.draft(sap.line(quantity=3))
    by_files(tmp_path, form).advance_order(wanted, None)
    [path] = (tmp_path / "out").iterdir()
    number = sap.process.take_idoc(path.read_bytes(), form)
    stored = sap.process.idoc(number)
    for text in ("ORDERS05", "ORDERS", "PORTAL", wanted.order_key):
        assert text in stored
    evidence(f"{path.name} ({form}) was taken as IDoc {number}")


def test_what_the_peer_delivers_and_bills_is_read(
    sap: SapWorld, tmp_path: pathlib.Path, evidence: Callable[[str], None]
) -> None:
    wanted = sap.draft(sap.line(quantity=3), sap.other_line())
    erp = by_files(tmp_path, "xml")
    erp.advance_order(wanted, None)
    order = settled(sap.erp(), wanted)  # its people enter the order that the IDoc brought
    items = [data("E2EDP01005", (0, f"{n:06d}")) for n in (1, 2)]
    answer = order_response(wanted.order_key, *items, number=order.erp_id)
    drop(tmp_path, "ordrsp.idoc", answer[0].replace("PRDCLNT100", "MCKCLNT100"), *answer[1:])
    for kind in ("DELVRY07", "INVOIC"):
        text = sap.process.call(GENERATE, {"mestyp": kind, "SalesOrder": order.erp_id}).text
        (tmp_path / "in" / f"{kind}.xml").write_text(text, encoding="utf-8")
    [shipment] = [from_json(Shipment, s) for s in of(read(erp, "shipment")[0], wanted.order_key)]
    [invoice] = [from_json(Invoice, i) for i in of(read(erp, "invoice")[0], wanted.order_key)]
    assert [(i.order_line_no, i.quantity, i.unit) for i in shipment.lines] == [
        ("1", Decimal(3), "EA"), ("2", Decimal(1), "EA"),
    ]  # fmt: skip
    assert shipment.ship_from.code == "RENO"
    assert [(i.order_line_no, i.amount) for i in invoice.lines] == [("1", Decimal("26.40")), ("2", Decimal("13.05"))]
    assert erp.find_order(wanted.order_key)[0].stage == "closed"
    assert list((tmp_path / "quarantine").iterdir()) == []
    evidence(
        f"delivery {shipment.number} and invoice {invoice.number} of {invoice.total} were read from the peer's IDocs"
    )
