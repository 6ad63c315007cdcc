"""Every set that we send can be composed by hand: looked at without a trace, then sent once, or not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from distportal.events.sweeper import work_until_idle
from edi.documents.registry import DOCUMENTS
from edi.models import ControlNumber, Document, OutboundFile, StockTransfer
from edi.process.composers import COMPOSERS
from edi.process.composing import choices_for, preview_document, send_composed
from edi.queries.agreements import forget
from orders.models import ApprovalLimit, ChangeRequest, Invoice, Order, Return, Shipment
from orders.process.returns import decide_return
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.money import ALL_SETS, billed, take
from tests.edi.process.orders import file_860
from tests.edi.process.test_debits_and_returns import credited
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
Ship = Callable[[str], None]
EVERYTHING = ("855", "865", "856", "810", "812", "180", "824", "846", "832")


@pytest.fixture
def silent(crestline: Post, catalogue: SandboxProcess) -> Post:
    """Crestline, to whom nothing is sent by itself: neither documents nor acknowledgments."""
    crestline.agree("in", *ALL_SETS, "860")
    crestline.agree("out")
    crestline.partner.agreements.filter(direction="in").update(ack="none")
    forget(crestline.partner)
    return crestline


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.agent)


def wanted(post: Post) -> None:
    """From now on everything is agreed: only what is composed tells of what was before."""
    post.agree("out", *EVERYTHING)
    forget(post.partner)


def looked_at_and_sent(desk: Client, set_id: str, number: str, *words: str) -> Document:
    """The one document, after a look that left nothing behind, and was sent once however often that is asked."""
    numbers = list(ControlNumber.objects.order_by("pk").values_list("partner", "counter", "last"))
    documents, files = Document.objects.count(), OutboundFile.objects.count()
    assert number in [choice.number for choice in choices_for(set_id)], "it is offered"
    page = desk.get(reverse("edi:compose"), {"set_id": set_id, "number": number})
    [draft] = page.context["drafts"]
    assert (draft.set_id, draft.sent) == (set_id, None)
    assert draft.raw.startswith("ISA*00*")
    for word in words:
        assert word in page.content.decode()
    assert list(ControlNumber.objects.order_by("pk").values_list("partner", "counter", "last")) == numbers
    assert (Document.objects.count(), OutboundFile.objects.count()) == (documents, files)
    for _ in range(2):
        desk.post(reverse("edi:send_composed"), {"set_id": set_id, "number": number})
        work_until_idle()
    sent = Document.objects.get(direction="out", set_id=set_id)
    [again] = desk.get(reverse("edi:compose"), {"set_id": set_id, "number": number}).context["drafts"]
    assert again.sent == sent
    return sent


def test_every_set_that_we_write_can_be_composed() -> None:
    writable = {set_id for set_id, kind in DOCUMENTS.items() if kind.writer}
    assert set(COMPOSERS) == writable | {"TA1"}


def test_answers_and_notices_of_an_order(silent: Post, ship: Ship, desk: Client) -> None:
    invoice = billed(silent, ship, po="CR-5")
    order, shipment = Order.objects.get(), Shipment.objects.get()
    assert not Document.objects.filter(direction="out").exists(), "nothing was agreed"
    wanted(silent)
    looked_at_and_sent(desk, "855", str(order), "CR-5")
    looked_at_and_sent(desk, "856", shipment.number, "CR-5")
    looked_at_and_sent(desk, "810", invoice.number, "CR-5")


def test_the_answer_to_a_change(silent: Post, desk: Client) -> None:
    silent.take(silent.order(("FST-10001", "100", "0.40"), po="CR-5"))
    silent.take(file_860(silent, "BCH*04*SA*CR-5**1*20261124*****20261125", "POC*1*QD*60**EA", "CTT*1"))
    assert ChangeRequest.objects.get().status == "applied"
    wanted(silent)
    order = Order.objects.get()
    sent = looked_at_and_sent(desk, "865", f"{order}/1", "CR-5")
    assert sent.order_id == order.pk


def test_a_credit_memo(silent: Post, catalogue: SandboxProcess, ship: Ship, cast: Cast, desk: Client) -> None:
    memo = credited(silent, ship, cast, catalogue)
    wanted(silent)
    looked_at_and_sent(desk, "812", memo.number, memo.number)


def test_the_answer_to_a_return(silent: Post, ship: Ship, cast: Cast, desk: Client) -> None:
    ApprovalLimit.objects.create(limit=500)
    billed(silent, ship)
    take(silent, "180", "BGN*00*R-1*20261202", "BLI*VN*FST-10001*2*EA", "RDR**DM")
    row = Return.objects.get()
    decide_return(return_id=row.pk, approved={1: row.lines.get().quantity}, reason="faulty", user=cast.finance)
    work_until_idle()
    wanted(silent)
    looked_at_and_sent(desk, "180", str(row), "R-1")


def test_what_could_not_be_used(silent: Post, desk: Client) -> None:
    failed = take(silent, "850", "BEG*00*SA*CR-9**20261124", "PO1*1*0*EA*.42*PE*VN*FST-10001", "CTT*1")
    assert failed.state == "failed"
    wanted(silent)
    looked_at_and_sent(desk, "824", f"CRESTLINE 850 {failed.control_number}", "CR-9")


@pytest.mark.parametrize(("set_id", "release"), [("997", "004010"), ("999", "005010"), ("TA1", "004010")])
def test_acknowledgments_that_were_not_agreed(silent: Post, desk: Client, set_id: str, release: str) -> None:
    content = silent.order(("FST-10001", "100", "0.40"), po="CR-5", number=4711)
    if release == "005010":
        content = content.replace(b"*00401*", b"*00501*").replace(b"*004010~", b"*005010~").replace(b"*U*", b"*^*")
    silent.take(content)
    assert not Document.objects.filter(direction="out").exists()
    sent = looked_at_and_sent(desk, set_id, "CRESTLINE 000004711", "000004711" if set_id == "TA1" else "850")
    assert sent.business_key
    if set_id == "997":
        refused = desk.get(reverse("edi:compose"), {"set_id": "999", "number": "CRESTLINE 000004711"})
        assert "acknowledged by the other kind" in refused.content.decode()


@pytest.mark.parametrize("set_id", ["846", "832"])
def test_stock_and_prices_are_looked_at_in_part_and_sent_whole(silent: Post, desk: Client, set_id: str) -> None:
    assert "CRESTLINE" not in [choice.number for choice in choices_for(set_id)]
    wanted(silent)
    assert "CRESTLINE" in [choice.number for choice in choices_for(set_id)]
    page = desk.get(reverse("edi:compose"), {"set_id": set_id, "number": "crestline"})
    [draft] = page.context["drafts"]
    assert "FST-10001" in draft.raw
    assert not Document.objects.filter(set_id=set_id).exists()
    for _ in range(2):
        told = desk.post(reverse("edi:send_composed"), {"set_id": set_id, "number": "CRESTLINE"}, follow=True)
        assert f"All {set_id}s to CRESTLINE leave" in told.content.decode()
    work_until_idle()
    assert Document.objects.filter(set_id=set_id).exists()


def test_a_warehouse_order(crestline: Post, reno: Post, catalogue: SandboxProcess, desk: Client) -> None:
    reno.agree("out")
    crestline.take(crestline.order(("FST-10001", "100", "0.40"), po="CR-5"))
    order = Order.objects.get()
    reno.agree("out", "940", "943")
    forget(reno.partner)
    sent = looked_at_and_sent(desk, "940", str(order), str(order))
    assert sent.partner == reno.partner


def test_a_transfer_is_looked_at_where_it_is_typed(reno: Post, catalogue: SandboxProcess, desk: Client) -> None:
    link = reno.partner.warehouses.get(warehouse__code="RENO")
    form = {
        "link": str(link.pk), "number": "TR-9", "ship_from": "Dayton", "shipped_on": "2026-11-24", "expected_on": "",
        "carrier": "", "tracking_number": "", "bill_of_lading": "", "lines": "FST-10001 100",
    }  # fmt: skip
    page = desk.post(reverse("edi:transfers"), form | {"preview": "1"})
    [draft] = page.context["drafts"]
    assert (draft.set_id, "TR-9" in draft.raw) == ("943", True)
    assert (StockTransfer.objects.count(), Document.objects.count()) == (0, 0)
    assert 'value="TR-9"' in page.content.decode(), "the form is as it was"
    desk.post(reverse("edi:transfers"), form)
    [again] = desk.get(reverse("edi:compose"), {"set_id": "943", "number": "TR-9"}).context["drafts"]
    assert again.sent == StockTransfer.objects.get().document


def test_nobody_but_the_desk_composes(cast: Cast, silent: Post) -> None:
    for user in (cast.stranger, cast.finance):
        client = signed_in(user)
        for set_id in COMPOSERS:
            assert client.get(reverse("edi:compose"), {"set_id": set_id}).status_code == 403
        assert client.post(reverse("edi:send_composed"), {"set_id": "846", "number": "CRESTLINE"}).status_code == 403
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("set_id", "number"),
    [("865", "SO-1/1"), ("865", "nothing"), ("180", "RMA-1"), ("846", "NOBODY"), ("943", "TR-0"), ("997", "X 1"),
     ("824", "CRESTLINE 850"), ("TA1", ""), ("940", "SO-99999999999999999999")],
)  # fmt: skip
def test_a_number_of_nothing_says_so(cast: Cast, silent: Post, set_id: str, number: str) -> None:
    from edi.errors import CannotCompose

    for look in (preview_document, send_composed):
        with pytest.raises(CannotCompose, match="has the number"):
            look(set_id=set_id, number=number)
    assert Invoice.objects.count() == 0
