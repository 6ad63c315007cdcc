"""Orders to change, and changes of them."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db.models.functions import Now

from distportal.canonical.orders import LineChange, OrderChange, OrderLineChange
from distportal.canonical.parts import ItemId
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from orders.models import ChangeRequest, Order
from orders.process.changes import request_change
from orders.process.intake import place_order
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess


def line_change(no: str, kind: LineChange = "change", **values: object) -> OrderLineChange:
    """A change of one line; `sku` names an item."""
    sku = values.pop("sku", None)
    items = (ItemId(qualifier="sku", value=str(sku)),) if sku else ()
    return OrderLineChange(kind=kind, line_no=no, items=items, **values)  # type: ignore[arg-type]


def change(*lines: OrderLineChange, sequence: str = "", **values: object) -> OrderChange:
    """A change of an order of HARBOR."""
    return OrderChange(
        channel="portal", account="HARBOR", po_number="-", sequence=sequence, changed_on=dt.date(2026, 11, 25),
        lines=lines, **values,
    )  # type: ignore[arg-type]  # fmt: skip


def cancellation(sequence: str = "") -> OrderChange:
    """A cancellation of the whole order."""
    return change(sequence=sequence, purpose="cancellation")


def ask(order: Order, wanted: OrderChange, key: str = "") -> ChangeRequest:
    """The change as it is after everything that follows from it was done."""
    placed = request_change(order_id=order.pk, change=wanted, source_key=key or f"t:{uuid.uuid4()}", asked_name="Jo")
    work_until_idle()
    placed.change.refresh_from_db()
    order.refresh_from_db()
    return placed.change


def hurry(rounds: int = 3) -> None:
    """Do also what waits for its time."""
    for _ in range(rounds):
        Job.objects.filter(state="ready").update(next_at=Now())
        work_until_idle()


@pytest.fixture
def placed(synced: SandboxProcess) -> Order:
    """An accepted order of two lines that was not sent yet."""
    rows = (("FST-10001", "100", "EA", None), ("FST-10002", "12", "EA", None))
    return place_order(order=asked(*rows, po=f"PO-{uuid.uuid4().hex[:8]}"), source_key=f"t:{uuid.uuid4()}").order


@pytest.fixture
def confirmed(placed: Order) -> Order:
    """The same order after the ERP confirmed it."""
    work_until_idle()
    placed.refresh_from_db()
    assert placed.status == "confirmed"
    return placed


def quantities(order: Order) -> dict[str, tuple[str, Decimal, Decimal]]:
    """Line number -> status, ordered and confirmed quantity."""
    return {row.line_no: (row.status, row.quantity, row.confirmed_quantity) for row in order.lines.all()}


def erp_lines(erp: SandboxProcess, order: Order) -> dict[str, tuple[int, int]]:
    """What the ERP's own books hold: line -> ordered, shipped."""
    [held] = erp.orders(f"NL-{order.number}")
    return {line["posex"]: (line["quantity"], line["shipped"]) for line in held["lines"] if line["quantity"]}
