"""The sandbox ERP. Its faults are its own: it really commits late, drops and dies."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import Any

from distportal.systems.erp.port import ErpPort, OrderState
from distportal.systems.erp.sandbox_rest import SandboxErp
from tests.conformance.worlds.base import World
from tests.erp_peers.proxy import FaultProxy, Kind
from tests.sandbox import SandboxProcess

OWN_FAULTS = {"drop_reply": "commit_then_drop", "hold_back": "hang_then_commit", "cut_reply": "reset_mid_body"}


class SandboxWorld(World):
    """Three steps; stock, prices, credits and prints."""

    offers = frozenset(
        {"item", "stock", "price", "customer", "quote", "credit", "document", "change", "add_line", "restart"}
    )
    sku, price = "PLB-30001", "8.80"
    other_sku, other_price = "HTL-40001", "17.60"
    create_path, step_path, find_path = "^/orders$", "/process$", "^/orders"
    change_paths = ("/orders/[^/]+/change$",)
    steps = 3

    def __init__(self, folder: pathlib.Path) -> None:
        self.process = SandboxProcess(folder)
        self.process.start()
        self.proxy = FaultProxy(self.process.url)

    @property
    def bad_secret(self) -> dict[str, str]:
        return {"token": "wrong"}

    def erp(self, **changes: Any) -> ErpPort:
        values: dict[str, Any] = {
            "url": self.proxy.url, "token": self.process.token, "write_timeout": 1.0, "settle_seconds": self.settle,
        }  # fmt: skip
        return SandboxErp(**{**values, **changes})

    def fault(self, kind: Kind, **values: Any) -> None:
        self._fault(kind, {"method": "POST", "path_regex": self.create_path}, **values)

    def step_fault(self, kind: Kind, **values: Any) -> None:
        self._fault(kind, {"method": "POST", "path_regex": self.step_path}, **values)

    def _fault(self, kind: Kind, match: dict[str, str], **values: Any) -> None:
        # What it cannot do by itself, the proxy does.
        status = values.get("status", 503)
        if kind == "answer_after":
            name = "commit_then_500"
        elif kind == "answer":
            name = "rate_limited" if status == 429 else f"error_{status}"
        else:
            name = OWN_FAULTS[kind]
        rule = {"kind": name, "count": 1, "match": match, "seconds": values.get("seconds", 3)}
        self.process.faults(rule)

    def well(self) -> None:
        self.process.faults()
        super().well()

    def held(self, order_key: str) -> list[str]:
        return [str(order["number"]) for order in self.process.orders(order_key)]

    def enter_again(self, order_key: str) -> None:
        body = {
            "reference": order_key, "content_hash": "by hand", "customer": "C4001", "ship_to": "C4001-01",
            "lines": [{"posex": "1", "matnr": "30-000001", "quantity": 2, "unit": "ST", "price": "8.80"}],
        }  # fmt: skip
        self.process.post("/orders", body)

    def ship(self, state: OrderState, quantities: Mapping[str, int]) -> None:
        short = {k: q for k, q in quantities.items() if q < next(i.quantity for i in state.lines if i.line_key == k)}
        self.process.post(f"/orders/{state.number}/ship", {"short": short} if short else {})

    def bill(self, state: OrderState) -> str:
        return str(self.process.invoice(state.number)["made"][-1])

    def post_credit(self, order_key: str) -> None:
        self.process.approve_credit(order_key)

    def slow_down(self) -> None:
        self.process.faults({"kind": "latency", "seconds": 0.6, "count": 1, "match": {"method": "POST"}})

    def kill_and_start(self) -> None:
        self.process.kill()
        self.process.start()

    def stop(self) -> None:
        self.proxy.stop()
        self.process.stop()
