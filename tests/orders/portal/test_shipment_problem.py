"""Report a problem on a shipment: its lines and the deadline are there, and what was said is filled in further on."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.web.templatetags.portal import when
from inventory.models import Item
from orders.models import Dispute, InvoiceLine, Order, OrderLine, Return, RulePolicy, Shipment, ShipmentLine
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice

pytestmark = pytest.mark.django_db
ADDRESS = "/shipments/S1/problem/"


@pytest.fixture
def shipment(cast: Cast) -> Shipment:
    """Two lines left: 10 and 4 pieces; 12 and 4 were billed on invoice I1."""
    today, story = timezone.localdate(), uuid.uuid4()
    order = Order.objects.create(
        number=100_500, account=cast.harbor, channel="portal", po_number="PO-9", po_norm="PO9", ordered_on=today,
        canonical={}, content_hash="h", correlation_id=story,
    )  # fmt: skip
    row = Shipment.objects.create(
        number="S1", order=order, shipped_at=timezone.now(), canonical={}, erp_id="S1", erp_version="1",
        correlation_id=story,
    )  # fmt: skip
    invoice = an_invoice(cast.harbor, "I1", "120", "20", issued_on=today, order=order, shipment=row)
    for position, (sent, billed) in enumerate(((10, 12), (4, 4)), 1):
        item = Item.objects.create(
            sku=f"T-{position}", code_norm=f"T{position}", erp_code=f"T{position}", name=f"Thing {position}",
            family="t", list_price=5, as_of=timezone.now(),
        )  # fmt: skip
        line = OrderLine.objects.create(
            order=order, position=position, line_no=str(position), item=item, quantity=billed, unit="EA"
        )
        for part in (sent - 1, 1):  # in two cartons
            ShipmentLine.objects.create(shipment=row, order_line=line, quantity=part)
        InvoiceLine.objects.filter(invoice=invoice, position=position).update(
            order_line=line, item=item, quantity=billed, unit_price=Decimal(5)
        )
    return row


def onward(client: Client, **told: str) -> tuple[str, dict[str, str]]:
    answer = client.get(ADDRESS, told)
    assert answer.status_code == 302, answer.content.decode()
    parts = urlsplit(answer.headers["Location"])
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def lines() -> list[int]:
    return list(InvoiceLine.objects.order_by("position").values_list("pk", flat=True))


def test_the_page_has_the_shipments_lines_and_the_deadline(cast: Cast, shipment: Shipment) -> None:
    buyer = signed_in(cast.buyer)
    assert f'href="{ADDRESS}"' in buyer.get("/shipments/S1/").content.decode()
    page = buyer.get(ADDRESS).content.decode()
    assert "60 days are left" in page
    assert [f"Thing {n}" in page for n in (1, 2)] == [True, True]
    assert 'max="12"' in page
    assert "10 EA" in page
    assert not Dispute.objects.exists()


def test_a_claim_is_filled_in_and_computed(cast: Cast, shipment: Shipment) -> None:
    buyer, (first, second) = signed_in(cast.buyer), lines()
    path, told = onward(buyer, go="claim", what="short", **{"quantity.1": "2"})
    assert (path, told) == (
        "/invoices/I1/dispute/", {"reason": "short", f"line.{first}": "1", f"quantity.{first}": "2"},
    )  # fmt: skip
    page = buyer.get(path, told).content.decode()
    assert f'name="line.{first}" value="1" checked' in page
    assert f'name="line.{second}" value="1" checked' not in page
    assert "$10.00" in page
    assert onward(buyer, go="claim", what="missing")[1] == {
        "reason": "not_received", f"line.{first}": "1", f"quantity.{first}": "12", f"line.{second}": "1",
        f"quantity.{second}": "4",
    }  # fmt: skip


def test_goods_that_go_back_are_filled_in_on_the_return(cast: Cast, shipment: Shipment) -> None:
    buyer, (_, second) = signed_in(cast.buyer), lines()
    path, told = onward(buyer, go="back", what="damaged", **{"quantity.2": "3"})
    assert (path, told) == ("/returns/new/", {"q": "I1", f"reason.{second}": "DA", f"quantity.{second}": "3"})
    page = buyer.get(path, told).content.decode()
    assert f'name="quantity.{second}" value="3"' in page
    assert '<option value="DA" selected>' in page
    assert onward(buyer, go="back", what="short", **{"quantity.2": "1"})[0] == "/invoices/I1/dispute/", (
        "nothing to send"
    )
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"what": "short"}, "Say how much is wrong of at least one line"),
        ({"what": "short", "quantity.1": "13"}, "T-1: at most 12 EA can be wrong"),
        ({"what": "short", "quantity.1": "many"}, "Many is no quantity"),
        ({"what": "short", "quantity.9": "1"}, "Say how much is wrong of at least one line"),
        ({"what": "odd", "quantity.1": "1"}, "Say what is wrong"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    cast: Cast, shipment: Shipment, told: dict[str, str], said: str
) -> None:
    answer = signed_in(cast.buyer).get(ADDRESS, {"go": "claim", **told})
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (200, True), page
    if "quantity.1" in told:
        assert f'value="{told["quantity.1"]}"' in page


def test_when_the_time_is_over_it_says_since_when_and_whom_to_ask(cast: Cast, shipment: Shipment) -> None:
    RulePolicy.objects.create(code="dispute_window", action="hold", data={"days": 30})
    RulePolicy.objects.create(code="return_window", action="hold", data={"days": 30})
    closed = timezone.localdate() - dt.timedelta(days=31)
    InvoiceLine.objects.get(pk=lines()[0]).invoice.__class__.objects.update(issued_on=closed)
    page = signed_in(cast.buyer).get(ADDRESS).content.decode()
    over = closed + dt.timedelta(days=30)
    assert f"The time for claims ended on {when(over)}" in page
    assert "finance@northline.example" in page
    assert 'href="/shipments/S1/#thread"' in page
    assert "<form" not in main_of(page)


def test_what_is_not_billed_is_told_to_us(cast: Cast, shipment: Shipment) -> None:
    InvoiceLine.objects.all().delete()
    page = signed_in(cast.buyer).get(ADDRESS).content.decode()
    assert "This shipment is not billed yet" in page
    assert 'href="/shipments/S1/#thread"' in page


def test_who_may_not_claim_and_strangers_find_nothing(cast: Cast, shipment: Shipment) -> None:
    assert signed_in(cast.stranger).get(ADDRESS).status_code == 404
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    viewer = signed_in(cast.buyer)
    assert viewer.get(ADDRESS).status_code == 403
    assert "Report a problem" not in viewer.get("/shipments/S1/").content.decode()
