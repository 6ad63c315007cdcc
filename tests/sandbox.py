"""The real sandbox ERP as a process, for every test that needs an ERP."""

from __future__ import annotations

import pathlib
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import Any

import httpx

from distportal.common.ports import KeptPort
from tests.erp_books import Books

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOKEN = "sandbox-test-token"


class SandboxProcess:
    """One server on a free port with its database in `folder`. All staff actions are by hand unless `options` say."""

    def __init__(self, folder: pathlib.Path, *options: str) -> None:
        self._folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._opening: Books | None = None
        self._port = KeptPort()
        self.url = f"http://127.0.0.1:{self._port.number}"
        self.token = TOKEN
        self._http = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)

    def start(self) -> None:
        """Answering when this returns; the same database again after a stop."""
        command = [sys.executable, "-m", "distportal.systems.erp.sandbox_server", "--db", str(self._folder / "erp.db")]
        command += ["--port", str(self._port.number), "--token", TOKEN, "--auto-credit-after", "0", *self._options]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        for _ in range(1200):
            try:
                self._http.get("/health").raise_for_status()
                return
            except httpx.TransportError:
                if self._process.poll() is not None:
                    raise
                time.sleep(0.05)
        raise TimeoutError("the sandbox ERP did not start")

    def stop(self) -> None:
        """Not answering when this returns."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def kill(self) -> None:
        """Gone without a goodbye, as after a power cut."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def ship(self, order: str) -> dict[str, Any]:
        """Everything confirmed leaves."""
        return self.post(f"/orders/{order}/ship")

    def short_ship(self, order: str, line: str, quantity: int) -> dict[str, Any]:
        """Less of one line leaves, for good."""
        return self.post(f"/orders/{order}/ship", {"short": {line: quantity}})

    def invoice(self, order: str) -> dict[str, Any]:
        """Every delivery is billed."""
        return self.post(f"/orders/{order}/invoice")

    def approve_credit(self, reference: str) -> dict[str, Any]:
        """The credit memo is posted."""
        return self.post(f"/orders/{reference}/approve-credit")

    def reprice(self, item: str, price: str, customer: str = "") -> dict[str, Any]:
        """A new list or contract price."""
        return self.post("/prices", {"item": item, "price": price, "customer": customer})

    def receive(self, item: str, plant: str, quantity: int) -> dict[str, Any]:
        """Goods come in."""
        return self.post("/stock", {"item": item, "plant": plant, "quantity": quantity})

    def leave(self, item: str, plant: str, free: int) -> None:
        """So much is free there, whatever earlier orders hold."""
        with closing(sqlite3.connect(self._folder / "erp.db", timeout=15)) as books:
            key = "SELECT matnr FROM item WHERE catalogue_no = ?"
            [(number,)] = books.execute(key, (item,)).fetchall()
            [(held,)] = books.execute("SELECT allocated FROM stock WHERE matnr = ? AND plant = ?", (number, plant))
        self.post("/stock", {"item": item, "plant": plant, "on_hand": held + free})

    def restock(self) -> None:
        """As when this was asked first, whatever orders and invoices came since: what is free and held everywhere, what
        everybody owes, and what its feeds tell. Tests share the ERP; items and prices that they change stay changed.
        """
        with closing(sqlite3.connect(self._folder / "erp.db", timeout=15)) as books:
            if self._opening is None:
                self._opening = Books.of(books)
            self._opening.put_back(books)
            books.commit()

    def forget_activities(self) -> None:
        """Its CRM has an empty book: what tests tell of the same accounts has the same keys again."""
        with closing(sqlite3.connect(self._folder / "erp.db", timeout=15)) as books:
            books.execute("DELETE FROM crm_activity")
            books.commit()

    def newest(self) -> dict[str, int]:
        """The number of the last change of each kind that its feeds tell of."""
        with closing(sqlite3.connect(self._folder / "erp.db", timeout=15)) as books:
            return dict(books.execute("SELECT kind, max(seq) FROM feed GROUP BY kind"))

    def open_places(self, portal_code: str, codes: list[str]) -> None:
        """The customer has these ship-tos, too; the ERP's own people write them into its books."""
        with closing(sqlite3.connect(self._folder / "erp.db", timeout=15)) as books:
            [(customer,)] = books.execute("SELECT code FROM customer WHERE portal_code = ?", (portal_code,)).fetchall()
            books.executemany(
                "INSERT OR IGNORE INTO ship_to VALUES (?, ?, ?, ?, '', '', 'OH', '')",
                [(f"X{code}", customer, code, code) for code in codes],
            )
            books.commit()

    def faults(self, *rules: dict[str, Any], seed: int = 1) -> None:
        """Replace the fault plan; without rules everything works again."""
        self.post("/control/faults", {"faults": list(rules), "seed": seed})

    def configure(self, **switches: object) -> None:
        """Change switches such as unique_reference or auto_ship_after."""
        self.post("/control/config", dict(switches))

    def ledger(self, order_key: str = "") -> list[dict[str, Any]]:
        """Every request the ERP saw."""
        return list(self.get("/control/ledger", order_key=order_key)["ledger"])

    def creations(self, order_key: str) -> int:
        """How many requests to create the order it has seen."""
        calls = self.ledger(order_key)
        return sum(call["method"] == "POST" and str(call["path"]).endswith("/orders") for call in calls)

    def orders(self, reference: str = "") -> list[dict[str, Any]]:
        """ALL live orders, in the ERP's own words."""
        return list(self.get("/control/orders", reference=reference)["orders"])

    def get(self, path: str, **params: str) -> dict[str, Any]:
        """Any read."""
        reply = self._http.get(path, params=params)
        reply.raise_for_status()
        return dict(reply.json())

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Any staff action."""
        reply = self._http.post(path, json=body or {})
        reply.raise_for_status()
        return dict(reply.json())
