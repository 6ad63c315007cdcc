"""What the tests of the matrix do and wait for: orders by hand and by the API, and the ERP's word on them."""

from __future__ import annotations

import uuid

import httpx

from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from tests.faults.site import Site
from tests.orders.builders import asked


def place(site: Site) -> Order:
    po = f"M-{uuid.uuid4().hex[:8]}"
    return place_order(order=asked(("FST-10001", "10", "EA", None), po=po), source_key=f"test:{po}").order


def wanted(po: str, *, account: str = "HARBOR", upc: str = "812345000016") -> dict[str, object]:
    """An order as the API takes it."""
    lines = [{"upc": upc, "quantity": "10"}]
    return {"account": account, "po_number": po, "ship_to": f"{account}-01", "lines": lines}


def post(site: Site, secret: str, po: str = "", *, key: str = "", timeout: float = 20.0) -> httpx.Response:
    po = po or f"M-{uuid.uuid4().hex[:8]}"
    headers = {"Authorization": f"Api-Key {secret}", "Idempotency-Key": key or f"matrix-{po}"}
    return httpx.post(f"{site.url}/api/v1/orders", json=wanted(po), headers=headers, timeout=timeout)


def state(order: Order) -> str:
    return ErpCommand.objects.values_list("state", flat=True).get(order=order)


def confirmed(site: Site, *orders: Order) -> None:
    rows = Order.objects.filter(pk__in=[order.pk for order in orders], status="confirmed")
    site.wait(lambda: rows.count() == len(orders), what="all are confirmed", seconds=150)
