"""One story from the segment to the credit memo, found by any number; a dealer reads its own, without internals."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership, User
from distportal.events.finding import Number
from distportal.events.lineage import Step
from distportal.events.models import OutboxEvent
from edi.models import As2Message, Document, InboundFile, LogisticUnit, OutboundFile
from exceptions.models import Case
from exceptions.process.cases import open_case
from inventory.models import Item
from orders.models import Dispute, DisputeLine, Invoice, Order, Remittance, RemittanceLine, Return, Shipment
from orders.ops.chain_graph import MOST_BOXES, graph_of
from orders.process.intake import place_order
from orders.process.purchases import note_purchases
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.orders.builders import asked
from tests.orders.money import an_invoice
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def stories(client: Client, number: str) -> set[str]:
    page = client.get("/chain/", {"q": number})
    assert page.status_code == 200
    return set(re.findall(r'href="/chain/([0-9a-f-]{36})/(?:\?at=[^"]*)?"', page.content.decode()))


def step(key: str, parent: str = "") -> Step:
    return Step(at=timezone.now(), kind="x", title=key, key=key, parent=parent)


@pytest.fixture
def owner(crestline: Post) -> User:
    """Somebody of the partner's own company."""
    person = User.objects.create_user("buyer@crestline.example", "not-a-real-password", name="Cleo")
    Membership.objects.create(user=person, account=crestline.partner.account, role=Role.ADMIN)
    return person


def test_every_number_leads_to_the_story_and_to_no_strangers(
    cast: Cast, crestline: Post, catalogue: SandboxProcess, ship: Callable[[str], None], owner: User
) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR 77-A", number=778899))
    order = Order.objects.get()
    ship(order.erp_number)
    Shipment.objects.update(tracking_number="1Z999AA1")
    shipment, invoice = Shipment.objects.get(), Invoice.objects.get()
    dispute = Dispute.objects.create(
        number=880001, token=uuid.uuid4(), account=order.account, invoice=invoice, amount_claimed=1, reason="price",
        correlation_id=invoice.correlation_id, opened_by=owner,
    )  # fmt: skip
    DisputeLine.objects.create(dispute=dispute, invoice_line=invoice.lines.get(), quantity=1, amount=1)
    received = Document.objects.get(set_id="850")
    carton = LogisticUnit.objects.filter(shipment=shipment).order_by("number").first()
    assert carton is not None
    story, agent, dealer = {str(order.correlation_id)}, signed_in(cast.agent), signed_in(owner)
    papers = (
        order.po_number, "cr77a", str(order), str(order.number), order.erp_number, shipment.number, "1z999aa1",
        invoice.number, str(dispute), carton.sscc, f"(00){carton.sscc}",
    )  # fmt: skip
    for number in papers:
        assert story <= stories(agent, number), number
        assert story <= stories(dealer, number), number
        assert stories(signed_in(cast.stranger), number) == set(), number
    sent = OutboundFile.objects.get(name__contains="_810").interchange
    assert received.group is not None
    for number in ("778899", "000778899", received.group.control_number, received.control_number, sent.control_number):
        assert story <= stories(agent, number), number
        assert story <= stories(dealer, number), number
    at = f"/chain/{order.correlation_id}/"
    assert re.match(rf"{at}#step-\d+$", dealer.get(at, {"at": f"invoice:{invoice.pk}"}).headers["Location"])
    assert dealer.get(at, {"at": f"document:{received.pk}"}).status_code == 200, "no step that a dealer reads"
    told = dealer.get("/chain/", {"q": "778899"}).content.decode()
    assert "ISA" not in told.partition("<main")[2].replace('value="', "")
    assert str(order) in told

    with CaptureQueriesContext(connection) as ran:
        page = agent.get(f"/chain/{order.correlation_id}/").content.decode()
    assert f"/edi/documents/{received.pk}/#s" in page
    assert "PO1*1*10*EA*0.42" in page
    for link in (shipment.number, invoice.number, str(dispute)):
        assert link in page
    assert re.search(r'from <a href="#step-\d+">850', page), "the order came from the 850"
    assert len([q for q in ran.captured_queries if 'FROM "orders_orderline"' in q["sql"]]) == 1
    own = dealer.get(f"/chain/{order.correlation_id}/").content.decode()
    for secret in ("PO1*", "/edi/", "NL-", "internal"):
        assert secret not in own.partition("<main")[2], secret
    assert invoice.number in own
    assert '<svg class="graph' in own
    assert signed_in(cast.stranger).get(f"/chain/{order.correlation_id}/").status_code == 404


def test_an_item_leads_to_the_last_order_of_each_account_that_the_person_may_see(
    cast: Cast, crestline: Post, catalogue: SandboxProcess, owner: User
) -> None:
    for po in ("CR-1", "CR-2"):
        crestline.take(crestline.order(("FST-10001", "10", "0.42"), po=po))
    place_order(order=asked(("FST-10001", "10", "EA", None), po="HH-1"), source_key="t:harbor")
    for order in Order.objects.all():
        note_purchases(order_id=order.pk)
    last = {order.po_number: str(order.correlation_id) for order in Order.objects.all()}
    upc = Item.objects.get(sku="FST-10001").upc
    for number in ("FST-10001", "fst-10001", upc):
        assert stories(signed_in(cast.agent), number) == {last["CR-2"], last["HH-1"]}, number
        assert stories(signed_in(owner), number) == {last["CR-2"]}, number
    assert stories(signed_in(cast.stranger), "FST-10001") == set()


def also_numbered(order: Order) -> list[str]:
    """A shipment, a return and a payment of the order, by the numbers that are not ours; and the ids of its story."""
    now, today = timezone.now(), timezone.localdate()
    Shipment.objects.create(
        number="SH-1", order=order, shipped_at=now, bill_of_lading="BOL-4711", canonical={}, erp_id="t:1",
        erp_version="1", correlation_id=order.correlation_id,
    )  # fmt: skip
    Return.objects.create(
        number=990001, source_key="t:1", account=order.account, channel="edi", reference="DM-88", requested_on=today,
        canonical={}, content_hash="h", correlation_id=order.correlation_id,
    )  # fmt: skip
    invoice = an_invoice(order.account, "INV-1", "10.00", issued_on=today, due_on=today, order=order)
    Invoice.objects.filter(pk=invoice.pk).update(correlation_id=order.correlation_id)
    paid = Remittance.objects.create(
        account=order.account, trace="CHK-5501", source_key="t:1", channel="edi", paid_on=today, amount=1, canonical={},
        content_hash="h", correlation_id=uuid.uuid4(),
    )  # fmt: skip
    RemittanceLine.objects.create(
        remittance=paid, position=1, kind="invoice", invoice=invoice, number="INV-1", paid=1, outcome="short"
    )
    event = OutboxEvent.objects.filter(correlation_id=order.correlation_id).first()
    assert event is not None
    ids = (str(order.correlation_id), order.correlation_id.hex, str(event.pk))
    return ["bol-4711", "dm-88", "RMA-990001", "chk-5501", *ids]


def test_numbers_of_others_and_of_systems_lead_there_too(
    cast: Cast, crestline: Post, catalogue: SandboxProcess, owner: User
) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-78"))
    order, came, sent = Order.objects.get(), InboundFile.objects.get(), OutboundFile.objects.earliest("created_at")
    agent, dealer, stranger = signed_in(cast.agent), signed_in(owner), signed_in(cast.stranger)
    story = {str(order.correlation_id)}
    for number in also_numbered(order):
        assert story <= stories(agent, number), number
        assert story == stories(dealer, number), number
        assert stories(stranger, number) == set(), number
    open_case(
        kind="order.price_differs", code="x", subject_type="order", subject_id=str(order.pk), sentence="It differs",
        account=order.account,
    )  # fmt: skip
    case, elsewhere = Case.objects.get(code="x"), uuid.uuid4()
    message_id = f"<{'a' * 70}@id.example>"
    As2Message.objects.create(
        mailbox=came.mailbox, direction="in", as2_from="A", as2_to="B", message_id=message_id, state="received",
        body=b"", sha256="", correlation_id=elsewhere,
    )  # fmt: skip
    ours = {
        str(case): case.correlation_id, str(case.number): case.correlation_id, came.name: came.correlation_id,
        sent.name: sent.correlation_id, message_id: elsewhere, message_id.strip("<>"): elsewhere,
    }  # fmt: skip
    for number, told in ours.items():
        assert str(told) in stories(agent, number), number
        assert stories(dealer, number) == set(), number
    assert stories(agent, str(elsewhere)) == stories(agent, str(uuid.uuid4())) == set(), "nothing is told of these"


def test_of_a_story_that_two_companies_share_a_dealer_reads_the_own_part(cast: Cast, synced: SandboxProcess) -> None:
    mine, theirs = (
        place_order(
            order=asked(("FST-10001", "10", "EA", None), po=f"PO-{account}", account=account, ship_to=f"{account}-01"),
            source_key=f"t:{account}",
        ).order
        for account in ("HARBOR", "SUMMIT")
    )
    Order.objects.filter(pk=theirs.pk).update(correlation_id=mine.correlation_id)
    page = signed_in(cast.buyer).get(f"/chain/{mine.correlation_id}/").content.decode()
    assert (str(mine) in page, str(theirs) in page, "PO-SUMMIT" in page) == (True, False, False)
    page = signed_in(cast.agent).get(f"/chain/{mine.correlation_id}/").content.decode()
    assert (str(mine) in page, str(theirs) in page) == (True, True)


@pytest.mark.parametrize(
    "text", ["", "   ", "-", "%", "'; DROP", "9" * 400, "\u0661\u0662", "SO-99999999999999999999", "🚚"]
)
def test_what_is_no_number_finds_nothing_and_breaks_nothing(cast: Cast, text: str) -> None:
    for person in (cast.agent, cast.buyer):
        assert stories(signed_in(person), text) == set()


def test_numbers_are_read_as_people_write_them() -> None:
    assert [Number(text).digits("D") for text in ("D-12", "d12", "D 12", "12", "RD-12", "D-", "1" * 19)] == [
        12, 12, 12, 12, None, None, None,
    ]  # fmt: skip
    assert Number("po 4711-a").plain == "PO4711A"
    story = "22926e4a-1b0c-4f3e-9d2a-0a1b2c3d4e5f"
    plain = story.replace("-", "")
    told = (story, plain, f"00-{plain}-00f067aa0ba902b7-01", f"00-{plain}-00f067aa0ba902b7", "00-x-00f067aa0ba902b7-01")
    assert [str(Number(text).mark) for text in told] == [story, story, story, "None", "None"]


def test_a_graph_keeps_families_together_and_bears_rings_strangers_and_thousands() -> None:
    steps = [step("a"), step("b", "a"), step("c", "a"), step("d", "b"), step("e", "nowhere")]
    keys = [s.key for s in steps]
    names = dict.fromkeys(keys, "x")
    graph = graph_of(steps, names, names)
    at = {box.step.key: (box.x, box.y) for box in graph.boxes}
    assert at["a"][1] == at["b"][1] == at["d"][1] < at["c"][1] < at["e"][1]
    assert at["a"][0] == at["e"][0] < at["b"][0] == at["c"][0] < at["d"][0]
    assert len(set(at.values())) == 5
    assert len(graph.lines) == 3
    ring = [step("a", "b"), step("b", "a"), step("c", "c")]
    assert len(graph_of(ring, dict.fromkeys("abc", "x"), dict.fromkeys("abc", "")).boxes) == 3
    many = [step(str(n), str(n - 1)) for n in range(MOST_BOXES + 5)]
    names = {s.key: "x" for s in many}
    assert graph_of(many, names, names).left_out == 5
    assert graph_of([], {}, {}).boxes == ()
