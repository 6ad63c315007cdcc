"""The whole portal on a real ERP: items, prices, an order, its shipment, its invoice and a credit, by way of Tryton."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db.models import Sum

from distportal.accounts.models import Account
from distportal.events.sweeper import work_until_idle
from distportal.systems.connections import save_connection
from distportal.systems.models import SystemCall
from distportal.systems.registry import forget_connections
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import Reservation, StockLevel
from inventory.process.sync import sync_feed
from orders.choices import DisputeReason, RootCause
from orders.models import Dispute, ErpCommand, Invoice, Order
from orders.process.dispute_deciding import approve_dispute
from orders.process.disputes import Claim, open_dispute
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.conformance.conftest import only
from tests.conformance.worlds.base import World
from tests.conformance.worlds.tryton import TrytonWorld
from tests.conftest import Cast
from tests.erp_peers.tryton import DATABASE
from tests.orders.builders import asked

pytestmark = [only("tryton"), pytest.mark.django_db]


@pytest.fixture
def connected(world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> TrytonWorld:
    """The portal's default connection is the real Tryton, and its master data has been read."""
    assert isinstance(world, TrytonWorld)
    monkeypatch.setenv("TRYTON_KEY", world.key)
    settings = {
        "url": world.process.url, "database": DATABASE, "settle_seconds": 1.0, "default_warehouse": "RENO",
        "warehouses": {"RENO": "WH-R", "DAYTON": "WH-D"}, "units": {"Unit": "EA", "Case of 12": "CA"},
        "credit_limits": True,
    }  # fmt: skip
    save_connection(
        name="default", kind="tryton", settings=settings, secrets={"key": "env:TRYTON_KEY"}, rate_per_minute=60_000
    )
    forget_connections()
    for kind in ("item", "stock", "price", "customer"):
        sync_feed(kind=kind)
    return world


def ordered(*lines: tuple[str, str, str, str | None]) -> Order:
    """An order of the dealer's, brought to the ERP."""
    key = uuid.uuid4().hex[:8]
    order = place_order(order=asked(*lines, po=f"PO-{key}"), source_key=f"t:{key}").order
    work_until_idle()
    order.refresh_from_db()
    return order


def test_an_order_goes_to_tryton_once_and_comes_back_shipped_billed_and_credited(
    connected: TrytonWorld, cast: Cast, evidence: Callable[[str], None]
) -> None:
    assert Account.objects.get(code="HARBOR").credit_limit == 5000
    order = ordered(("PLB-30001", "12", "EA", None))
    assert (order.status, order.lines.get().unit_price) == ("confirmed", Decimal("7.70")), "the ladder is Tryton's"
    command = ErpCommand.objects.get(order=order)
    assert len(connected.held(command.order_key)) == 1
    [state] = connected.erp().find_order(command.order_key)
    connected.ship(state, {"1": 12})
    number = connected.bill(state)
    sync_erp()
    order.refresh_from_db()
    assert order.status == "shipped"
    invoice = Invoice.objects.get(order=order)
    assert (invoice.number, invoice.total - invoice.tax) == (number, Decimal("92.40"))
    line = invoice.lines.get()
    dispute = open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=DisputeReason.PRICE,
        claims=[Claim(invoice_line_id=line.pk, quantity=line.quantity, amount=Decimal("9.24"))],
        note="too dear", user=cast.buyer,
    )  # fmt: skip
    for person in (cast.finance, cast.finance2):
        approve_dispute(
            dispute_id=dispute.pk, amount=Decimal("9.24"), root_cause=RootCause.PRICING_DATA, reason="agreed",
            user=person,
        )  # fmt: skip
    work_until_idle()
    connected.post_credit(ErpCommand.objects.get(dispute=dispute).order_key)
    sync_erp()
    booked = Dispute.objects.get(pk=dispute.pk)
    assert booked.status in ("booked", "closed")
    assert booked.credit_memo is not None
    assert booked.credit_memo.total - booked.credit_memo.tax == Decimal("9.24")
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()
    assert not SystemCall.objects.exclude(outcome="ok").exists()
    evidence(f"{order}: Tryton sale {order.erp_number}, invoice {number}, credit {booked.credit_memo.number}")


def test_what_is_reserved_is_counted_once_when_tryton_has_taken_the_order(connected: TrytonWorld) -> None:
    def free() -> Decimal:
        lying = StockLevel.objects.filter(item__sku="ELE-20002").aggregate(sum=Sum("available"))["sum"]
        held = Reservation.objects.filter(item__sku="ELE-20002", ended_at__isnull=True).aggregate(sum=Sum("quantity"))
        return Decimal(lying - (held["sum"] or 0))

    before = free()
    ordered(("ELE-20002", "3", "EA", None))
    assert free() == before - 3
    sync_feed(kind="stock")
    assert free() <= before - 3, (
        "Tryton tells its time to the second: within it the reservation may stand a little longer"
    )
    time.sleep(2)
    sync_feed(kind="stock")
    assert free() == before - 3, "neither twice nor not at all"
