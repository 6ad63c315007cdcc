"""One order from a dropped file to the credit memo, and the same by portal and API, over real processes alone."""

from __future__ import annotations

import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db.models import Max

from distportal.accounts.models import ApiKey
from edi.choices import AckState
from edi.models import Document, OutboundFile
from edi.seeds import seed_partner
from exceptions.models import Case
from inventory.models import Item
from orders.models import Dispute, ErpCommand, Invoice, Order
from tests.edi.conftest import Post
from tests.live.people import Person, field_value
from tests.live.portal import LivePortal

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("live"), pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def running(portal: LivePortal) -> LivePortal:
    """With web and schedules."""
    portal.start_web()
    portal.start_beat()
    return portal


@pytest.fixture
def crestline(running: LivePortal, monkeypatch: pytest.MonkeyPatch) -> Post:
    """A retailer with a mailbox that the live portal polls."""
    monkeypatch.setattr(settings, "EDI_ROOT", running.edi_root)
    return Post(seed_partner(code="CRESTLINE"))


def order_of(po: str, status: str) -> Order | None:
    return Order.objects.filter(po_number=po, status=status).first()


def sent(order: Order, set_id: str) -> OutboundFile | None:
    """The file that carries this order's document, once it lies in the outbox."""
    document = Document.objects.filter(order=order, direction="out", set_id=set_id, sent_at__isnull=False).first()
    return OutboundFile.objects.get(interchange__groups__documents=document) if document else None


def in_outbox(portal: LivePortal, file: OutboundFile) -> bool:
    path: Path = portal.edi_root / "crestline" / "outbox" / file.name
    return path.read_bytes() == bytes(file.content)


def test_master_data_follow_the_erp_by_themselves(running: LivePortal) -> None:
    without_contract = Item.objects.filter(prices__account=None).exclude(prices__account__code="SUMMIT")
    item = without_contract.earliest("sku")
    stamp = item.prices.aggregate(last=Max("as_of"))["last"]
    running.erp.reprice(item.sku, "7.77")

    def seen() -> bool:
        return item.prices.filter(account=None, unit_price=Decimal("7.77"), as_of__gt=stamp).exists()

    running.wait(seen, what="the new price came")
    summit = Person(running.url, "buyer@summit.example")
    page = summit.get("/catalogue/", q=item.sku)
    assert "$7.77" in page
    assert "stock as of" in page


def test_an_850_becomes_an_erp_order_and_comes_back_as_855_856_and_810(running: LivePortal, crestline: Post) -> None:
    po = f"J-{uuid.uuid4().hex[:6]}".upper()
    crestline.drop(crestline.order(("FST-10001", "100", "0.40"), ("PLB-30001", "6", ""), po=po), f"{po}.edi")
    order = running.wait(lambda: order_of(po, "confirmed"), what="the ERP confirmed")
    assert [o["reference"] for o in running.erp.orders(f"NL-{order.number}")] == [f"NL-{order.number}"]
    running.wait(lambda: sent(order, "855"), what="855 sent")

    running.erp.ship(order.erp_number)
    running.wait(lambda: sent(order, "856"), what="856 sent")
    running.erp.invoice(order.erp_number)
    running.wait(lambda: sent(order, "810"), what="810 sent")
    order.refresh_from_db()
    assert order.status == "shipped"
    for set_id in ("855", "856", "810"):
        file = sent(order, set_id)
        assert file
        assert in_outbox(running, file)
        crestline.drop(crestline.acknowledge(file))
    mine = Document.objects.filter(order=order, direction="out")
    running.wait(lambda: not mine.exclude(ack_state=AckState.ACCEPTED).exists(), what="the partner's 997s settled them")
    sequences = list(OutboundFile.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, len(sequences) + 1)), "control numbers have no gaps"

    story = Person(running.url, "operator@northline.example").get(f"/chain/{order.correlation_id}/")
    invoice = Invoice.objects.filter(order=order).first()
    assert invoice
    told = (f"{po}.edi", "Interchange", "850", "997", str(order), order.erp_number, "855", "856", "810", invoice.number)
    assert [word for word in told if word not in story] == []
    stranger = Person(running.url, "buyer@harbor.example")
    assert stranger.status(f"/chain/{order.correlation_id}/") == stranger.status(f"/orders/{order.number}/") == 404


def test_a_wrong_price_waits_for_an_agent_who_corrects_it(running: LivePortal, crestline: Post) -> None:
    po = f"J-{uuid.uuid4().hex[:6]}".upper()
    crestline.drop(crestline.order(("PLB-30001", "24", "6.10"), po=po))
    order = running.wait(lambda: order_of(po, "held"), what="the order is held")
    case = Case.objects.get(subject_id=str(order.pk))
    agent = Person(running.url, "agent@northline.example")
    assert case.sentence in agent.get("/desk/").replace("&#x27;", "'")
    assert running.erp.orders(f"NL-{order.number}") == [], "nothing reached the ERP"

    changes = {"fix.line.1.unit_price": "7.32"}
    dry = agent.get(f"/desk/{case.number}/", dry_run="1", **changes)
    assert "No rule objects" in dry
    order.refresh_from_db()
    assert (order.status, order.version) == ("held", 1), "a dry run writes nothing"
    agent.post(f"/desk/{case.number}/act/resubmit/", version=field_value(dry, "version"), **changes)
    running.wait(lambda: order_of(po, "confirmed"), what="the corrected order was confirmed")
    case.refresh_from_db()
    assert (case.status, case.resolution) == ("resolved", "corrected")
    assert len(running.erp.orders(f"NL-{order.number}")) == 1


def test_a_dealer_orders_disputes_and_is_credited(running: LivePortal) -> None:
    po = f"J-{uuid.uuid4().hex[:6]}".upper()
    buyer = Person(running.url, "buyer@harbor.example")
    assert "$0.48" in buyer.get("/catalogue/", q="fst 10001")
    buyer.post("/cart/add/", sku="FST-10001", quantity="10", unit="EA")
    cart = buyer.get("/cart/")
    place = {name: field_value(cart, name) for name in ("token", "seen")}
    place |= {"ship_to": _ship_to(cart), "po_number": po}
    first, again = buyer.post("/cart/place/", **place), buyer.post("/cart/place/", **place)
    assert first.url == again.url, "a double click is one order"
    order = running.wait(lambda: order_of(po, "confirmed"), what="the ERP confirmed")
    running.erp.ship(order.erp_number)
    running.erp.invoice(order.erp_number)
    invoice = running.wait(lambda: Invoice.objects.filter(order=order).first(), what="the invoice came")

    page = buyer.get(f"/invoices/{invoice.number}/dispute/")
    line = invoice.lines.get()
    claim = {
        f"amount.{line.pk}": "1.00",
        "reason": "price",
        "note": "0.38 was agreed",
        "token": field_value(page, "token"),
    }
    buyer.post(f"/invoices/{invoice.number}/dispute/", **claim)
    dispute = Dispute.objects.get(invoice=invoice)
    finance = Person(running.url, "finance@northline.example")
    decide = f"/admin/orders/dispute/{dispute.pk}/approve/"
    decision = {"amount": "1.00", "root_cause": "pricing_data", "_form_submitted": "on"}
    finance.post(decide, **decision, reason="")
    dispute.refresh_from_db()
    assert dispute.status == "submitted", "no reason, no decision"
    finance.post(decide, **decision, reason="the contract says so")
    request = running.wait(
        lambda: ErpCommand.objects.filter(dispute=dispute, state="confirmed").first(), what="the ERP took the request"
    )
    dispute.refresh_from_db()
    assert (dispute.status, Case.objects.get(subject_id=str(dispute.pk)).status) == ("approved", "new")

    running.erp.approve_credit(request.erp_number)
    running.wait(lambda: Dispute.objects.filter(pk=dispute.pk, status="closed").first(), what="the credit was booked")
    dispute.refresh_from_db()
    assert dispute.credit_memo
    assert Case.objects.get(subject_id=str(dispute.pk)).status == "resolved"
    story = buyer.get(f"/chain/{order.correlation_id}/")
    for word in (str(order), invoice.number, str(dispute), dispute.credit_memo.number):
        assert word in story
    assert request.order_key not in story, "what is internal is not told to dealers"


def test_a_crm_orders_by_api_and_the_same_by_portal_is_asked_about(running: LivePortal) -> None:
    po = f"J-{uuid.uuid4().hex[:6]}".upper()
    _, secret = ApiKey.objects.create_key(name="CRM", channel="crm", scopes=["orders:write", "orders:read"])
    body: dict[str, Any] = {
        "account": "HARBOR",
        "po_number": po,
        "ship_to": "HARBOR-01",
        "lines": [{"upc": "812345000016", "quantity": "10"}],
    }
    headers = {"Authorization": f"Api-Key {secret}", "Idempotency-Key": f"crm-{po}"}
    answers = [httpx.post(f"{running.url}/api/v1/orders", json=body, headers=headers) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    order = running.wait(lambda: order_of(po, "confirmed"), what="the ERP confirmed")

    buyer = Person(running.url, "buyer@harbor.example")
    buyer.post("/cart/add/", sku="FST-10001", quantity="10", unit="EA")
    cart = buyer.get("/cart/")
    place = {name: field_value(cart, name) for name in ("token", "seen")}
    asked = buyer.sent("/cart/place/", **place, ship_to=_ship_to(cart), po_number=po)
    assert asked.status_code == 409
    assert f"/orders/{order.number}/" in asked.text
    assert Order.objects.filter(po_number=po).count() == 1
    assert len(running.erp.orders(f"NL-{order.number}")) == 1


def _ship_to(cart: str) -> str:
    """The first place of the form."""
    options = cart.partition('name="ship_to"')[2]
    return options.partition('<option value="')[2].partition('"')[0]
