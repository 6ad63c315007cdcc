"""Orders that were placed, held or partly shipped, for the dealer's pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from distportal.canonical.orders import Channel
from distportal.events.sweeper import work_until_idle
from orders.models import Order
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

Lines = tuple[str, str, str, str | None]
TWO: tuple[Lines, ...] = (("FST-10001", "100", "EA", None), ("FST-10002", "12", "EA", None))


def placed_order(
    *lines: Lines, po: str = "", channel: Channel = "portal", account: str = "HARBOR", key: str = ""
) -> Order:
    """An order as it is right after it came in."""
    po = po or f"PO-{uuid.uuid4().hex[:8]}"
    ship_to = f"{account}-01"
    wanted = asked(*(lines or TWO), po=po, channel=channel, account=account, ship_to=ship_to)
    order = place_order(order=wanted, source_key=key or f"t:{uuid.uuid4()}").order
    order.refresh_from_db()
    return order


def reload(order: Order) -> Order:
    order.refresh_from_db()
    return order


@pytest.fixture
def part_shipped(synced: SandboxProcess) -> Order:
    """All of line 2 has left, and of line 1 what was in stock."""
    order = placed_order(("HTL-40002", "30", "EA", None), TWO[1])
    work_until_idle()
    reload(order)
    synced.ship(order.erp_number)
    sync_erp()
    work_until_idle()
    return reload(order)


@pytest.fixture
def confirm(synced: SandboxProcess) -> Callable[[Order], Order]:
    """The order after the ERP confirmed it."""

    def run(order: Order) -> Order:
        work_until_idle()
        assert reload(order).status == "confirmed"
        return order

    return run
