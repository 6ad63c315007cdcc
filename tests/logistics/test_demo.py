"""The demo shows life: its partners ship, receive and carry, and every document of theirs is good."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from distportal.events.clock import database_now
from distportal.events.sweeper import work_until_idle
from distportal.systems.models import LogisticsConnection
from distportal.systems.seeds import seed_logistics
from edi.management.demo_partners import play
from edi.models import Document, WarehouseLink, WarehouseOrder
from edi.process.mailboxes import poll_mailboxes
from edi.seeds import seed_other
from inventory.models import Warehouse
from orders.models import Order, Shipment
from tests.conftest import Cast
from tests.edi.process.departures import depart
from tests.logistics.conftest import cases
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(synced: SandboxProcess, cast: Cast, edi_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WMS_TOKEN", "TMS_TOKEN", "TMS_WEBHOOK_SECRET"):
        monkeypatch.setenv(name, synced.token)
    seed_logistics(sandbox_url=synced.url)
    LogisticsConnection.objects.filter(name="newark").update(active=False)  # all places are Stowell's here
    LogisticsConnection.objects.filter(name="stowell").update(serves={"DAYTON": "", "RENO": "", "NEWARK": ""})
    stowell = seed_other(code="STOWELL", name="Stowell Logistics", role="warehouse")
    seed_other(code="ROADRUN", name="Roadrunner Freight", role="carrier", scacs=["RRFT"])
    WarehouseLink.objects.create(partner=stowell, warehouse=Warehouse.objects.get(code="NEWARK"))


def act(*, minutes: int = 0) -> None:
    """The partners look around, and the portal follows."""
    play(database_now() + dt.timedelta(minutes=minutes))
    poll_mailboxes()
    poll_mailboxes()  # a file is quiet at the second look
    work_until_idle()


def test_the_partners_act_once_and_rightly(demo: None) -> None:
    act()
    orders = list(Order.objects.order_by("number"))
    assert [(order.account.code, order.status) for order in orders] == [
        ("HARBOR", "confirmed"), ("LAKESIDE", "confirmed"),
    ]  # fmt: skip
    assert Document.objects.filter(set_id="943").count() == 2
    act(minutes=1)
    shipment = depart(orders[1], ("1", "60", 1), ("2", "150", 1), carrier="RRFT")
    act(minutes=2)
    act(minutes=3)
    found = list(Document.objects.filter(direction="in").order_by("set_id").values_list("set_id", "state"))
    asked = WarehouseOrder.objects.values("number").distinct().count()
    assert asked >= 2
    assert found == [("214", "settled")] * 4 + [("944", "settled")] * 2 + [("945", "settled")] * asked
    shipment.refresh_from_db()
    assert shipment.delivered_at is not None
    assert Shipment.objects.count() == 1
    assert [case.kind for case in cases()] == ["edi.receipt_differs"]


def test_it_is_played_in_the_demo_alone(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("play_partners")


def test_what_was_switched_off_stays_off(demo: None, synced: SandboxProcess) -> None:
    seed_logistics(sandbox_url=synced.url)
    assert LogisticsConnection.objects.get(name="newark").active is False
    assert set(LogisticsConnection.objects.values_list("name", flat=True)) == {
        "newark",
        "stowell",
        "roadrunner",
        "sales",
    }
