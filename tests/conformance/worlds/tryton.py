"""Real Tryton. The portal has a REST key; warehouse and bookkeeper are another user, with a password, over RPC."""

from __future__ import annotations

import datetime as dt
import pathlib
from collections.abc import Mapping
from typing import Any

from distportal.systems.erp.port import ErpPort, OrderState
from distportal.systems.erp.tryton.adapter import TrytonErp
from distportal.systems.erp.tryton.settings import TrytonSettings
from tests.conformance.worlds.base import World
from tests.erp_peers.proxy import FaultProxy
from tests.erp_peers.tryton import DATABASE, tryton_copy
from tests.erp_peers.tryton_seed import CLERK


class TrytonWorld(World):
    """Create, quote, confirm; stock, prices and credits. Prints need LibreOffice there, so none here."""

    offers = frozenset({"item", "stock", "price", "customer", "quote", "credit", "restart", "change"})
    sku, price = "PLB-30001", "8.80"
    other_sku, other_price = "ELE-20002", "13.05"
    create_path, step_path, find_path = "/rest/model/sale.sale$", "/sale.sale/[0-9]+/confirm$", "/rest/model/sale.sale"
    change_paths = ("/rest/model/sale.amendment$", "/sale.amendment/[0-9]+/validate_amendment$")
    changes_rest = True
    steps = 3
    settle = 1.0

    def __init__(self, folder: pathlib.Path) -> None:
        self.process, self.key = tryton_copy(folder)
        self.process.start()
        self.proxy = FaultProxy(self.process.url)
        self.staff = self.process.staff(*CLERK)

    @property
    def bad_secret(self) -> dict[str, str]:
        return {"key": "0" * 128}

    def erp(self, **changes: Any) -> ErpPort:
        values: dict[str, Any] = {
            "url": self.proxy.url, "database": DATABASE, "key": self.key, "settle_seconds": self.settle,
            "warehouses": {"RENO": "WH-R", "DAYTON": "WH-D"}, "units": {"Unit": "EA", "Case of 12": "CA"},
            "default_warehouse": "RENO", "credit_limits": True, "amendments": True, "write_timeout": 5.0,
        }  # fmt: skip
        return TrytonErp(TrytonSettings(**{**values, **changes}))

    def held(self, order_key: str) -> list[str]:
        wanted = ["lines.quantity", ">", 0]  # an order in process is not cancelled but emptied
        domain = ["reference", "=", order_key], ["state", "!=", "cancelled"], wanted
        return [str(i) for i in self.staff.find("sale.sale", *domain)]

    def enter_again(self, order_key: str) -> None:
        first = self.staff.find("sale.sale", ["reference", "=", order_key], limit=1)
        [again] = self.staff.press("sale.sale", "copy", first)
        self.staff.write("sale.sale", [again], reference=order_key)

    def ship(self, state: OrderState, quantities: Mapping[str, int]) -> None:
        sale = self.sale(state)
        open_ones = ["state", "in", ["draft", "waiting"]]
        shipment = self.staff.find("stock.shipment.out", ["id", "in", sale["shipments"]], open_ones)[0]
        lines = {r["id"]: str(r["sequence"]) for r in self.staff.read("sale.line", sale["lines"], "sequence")}
        moves = self.staff.read("stock.shipment.out", [shipment], "inventory_moves", "outgoing_moves")[0]
        keys = {
            row["product"]: lines[int(row["origin"].partition(",")[2])]
            for row in self.staff.read("stock.move", moves["outgoing_moves"], "product", "origin")
        }
        for row in self.staff.read("stock.move", moves["inventory_moves"], "product", "quantity"):
            self.staff.write("stock.move", [row["id"]], quantity=float(quantities.get(keys[row["product"]], 0)))
        for button in ("assign_try", "pick", "pack"):
            self.staff.press("stock.shipment.out", button, [shipment])
        self.staff.write("stock.shipment.out", [shipment], reference=f"1Z{shipment:08d}")
        self.staff.press("stock.shipment.out", "do", [shipment])

    def bill(self, state: OrderState) -> str:
        return self._post(self.sale(state)["invoices"])

    def post_credit(self, order_key: str) -> None:
        for sale in self.staff.find("sale.sale", ["reference", "=", order_key]):
            self._post(self.staff.read("sale.sale", [sale], "invoices")[0]["invoices"])

    def slow_down(self) -> None:
        """Each of its steps takes a fifth of a second and more: slow enough."""

    def kill_and_start(self) -> None:
        self.process.kill()
        self.process.start()

    def stop(self) -> None:
        self.proxy.stop()
        self.process.stop()

    def sale(self, state: OrderState) -> dict[str, Any]:
        """The sale as staff see it."""
        return self.staff.read("sale.sale", [int(state.erp_id)], "shipments", "invoices", "lines", "state")[0]

    def _post(self, invoices: list[int]) -> str:
        drafts = self.staff.find("account.invoice", ["id", "in", invoices], ["state", "=", "draft"])
        self.staff.write("account.invoice", drafts, invoice_date=dt.datetime.now(dt.UTC).date())
        self.staff.press("account.invoice", "post", drafts)
        return str(self.staff.read("account.invoice", drafts, "number")[-1]["number"])
