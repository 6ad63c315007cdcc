"""An order of a dealer in the ERP, and the warehouse systems that may ship it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from distportal.events.sweeper import work_until_idle
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Order, Shipment, WarehouseRelease
from orders.process.intake import place_order
from tests.edi.conftest import catalogue, edi_root, reno  # noqa: F401  the EDI world's own
from tests.edi.process.departures import depart
from tests.logistics.carriers import SECRET, Carrier
from tests.logistics.worlds import EdiWorld, RestWorld, World
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess


@pytest.fixture
def floor(synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> RestWorld:
    """The sandbox's warehouse system."""
    monkeypatch.setenv("TEST_WMS_TOKEN", synced.token)
    return RestWorld(synced)


@pytest.fixture(params=["rest", "edi"])
def world(request: pytest.FixtureRequest, synced: SandboxProcess) -> World:
    """The same suite for every way a warehouse can be reached."""
    if request.param == "rest":
        made: World = request.getfixturevalue("floor")
        return made
    return EdiWorld(request.getfixturevalue("reno"))


@pytest.fixture
def place(synced: SandboxProcess) -> Callable[..., Order]:
    """A dealer's order, in the ERP and told to its warehouse when this returns."""

    def run(*lines: tuple[str, str]) -> Order:
        wanted = [(sku, quantity, "EA", None) for sku, quantity in lines or (("FST-10001", "10"), ("FST-10002", "4"))]
        key = uuid.uuid4().hex[:8]
        order = place_order(order=asked(*wanted, po=f"PO-{key}"), source_key=f"t:{key}").order
        work_until_idle()
        order.refresh_from_db()
        return order

    return run


def release_of(order: Order) -> WarehouseRelease:
    """The newest instruction of an order that ships from one place."""
    [warehouse] = set(WarehouseRelease.objects.filter(order=order).values_list("warehouse", flat=True))
    row = WarehouseRelease.objects.filter(order=order, warehouse=warehouse).order_by("-sequence").first()
    assert row is not None
    return row


def cases() -> list[Case]:
    """What waits for a person."""
    return list(Case.objects.filter(status__in=CaseStatus.OPEN).order_by("number"))


@pytest.fixture
def roady(synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The sandbox's carrier."""
    monkeypatch.setenv("TEST_WMS_TOKEN", synced.token)
    monkeypatch.setenv("TEST_TMS_HOOK", SECRET)
    return Carrier(synced)


@pytest.fixture
def sent(place: Callable[..., Order]) -> Shipment:
    """Shipment 80001 by UPSN under 1Z80001."""
    return depart(place(), ("1", "10", 1), ("2", "4", 2))
