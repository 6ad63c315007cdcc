"""Two real sandbox ERPs side by side: the house's own, and `new` with other prices, other stock, numbers of its own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from distportal.events.clock import database_now
from distportal.events.sweeper import work_until_idle
from distportal.systems.connections import save_connection
from distportal.systems.models import ErpConnection, ErpSwitch
from distportal.systems.registry import forget_connections
from inventory.process.sync import sync_feed
from orders.models import Order
from orders.process.intake import place_order
from orders.process.switching.planning import plan_switch
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

FEEDS = ("item", "stock", "price", "customer")
SKU, OTHER = "FST-10001", "FST-10002"


@pytest.fixture(scope="session")
def new_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """The second ERP, one a test session."""
    process = SandboxProcess(
        tmp_path_factory.mktemp("new-erp"), "--per-family", "40", "--seed", "11", "--number-offset", "7000000"
    )
    process.start()
    yield process
    process.stop()


@dataclass(frozen=True)
class Two:
    """Both ERPs; the portal has read all of both."""

    old: SandboxProcess
    new: SandboxProcess

    def place(
        self, *lines: tuple[str, str], account: str = "HARBOR", ship_to: str = "HARBOR-01", send: bool = True
    ) -> Order:
        """An order of these items and quantities, as far as the portal brings it by itself."""
        wanted = tuple((sku, quantity, "EA", None) for sku, quantity in lines)
        canonical = asked(*wanted, po=f"PO-{uuid.uuid4().hex[:8]}", account=account, ship_to=ship_to)
        order = place_order(order=canonical, source_key=f"two:{uuid.uuid4()}").order
        if send:
            work_until_idle()
        order.refresh_from_db()
        return order

    def move(self, kind: str, *keys: str, to: str = "new") -> ErpSwitch:
        """A switch that is due now, done as far as it can be."""
        row = plan_switch(kind=kind, keys=keys, to=to, due_at=database_now(), reason="wave 2", actor="Olga Operator")
        work_until_idle()
        row.refresh_from_db()
        return row

    def read(self, *names: str) -> None:
        """All feeds of these connections, of both unless named."""
        for name in names or ("default", "new"):
            for kind in FEEDS:
                sync_feed(kind=kind, of=name)


@pytest.fixture
def two(synced: SandboxProcess, new_process: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    """The house's own ERP was read before the second one came; then both were."""
    monkeypatch.setitem(os.environ, "NEW_ERP_TOKEN", new_process.token)
    new_process.faults()
    new_process.restock()
    save_connection(
        name="new", kind="sandbox", settings={"url": new_process.url, "settle_seconds": 1.0},
        secrets={"token": "env:NEW_ERP_TOKEN"}, rate_per_minute=100_000,
    )  # fmt: skip
    ErpConnection.objects.filter(name="new").update(side_by_side=True, title="New ERP")
    forget_connections()
    both = Two(old=synced, new=new_process)
    both.read("new")
    yield both
    forget_connections()
