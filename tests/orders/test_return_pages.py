"""A return on the portal: asked for by line with pictures, answered, received, credited; nothing by default."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.common.errors import DomainError, NotAllowed
from distportal.events.models import OutboxEvent
from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from inventory.models import Item
from orders.choices import FindingAction
from orders.errors import ReturnRefused
from orders.models import ErpCommand, Invoice, ProofImage, Return, ReturnCredit, ReturnPhoto, RulePolicy
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.process.return_receipts import receive_return, withdraw_return
from orders.process.returns import decide_return
from orders.queries.limits import RETURN_WINDOW
from orders.queries.returns import choosable_lines
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.orders.money import an_invoice
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    """Ten pieces at 2.00, and a line of no known item."""
    item = Item.objects.create(
        sku="FST-10001", code_norm="FST10001", erp_code="1", name="Hex bolt", family="Fasteners", list_price=Decimal(2),
        as_of=timezone.now(),
    )  # fmt: skip
    row = an_invoice(cast.harbor, "I1", "20", "7")
    Invoice.objects.filter(pk=row.pk).update(issued_on=timezone.localdate())
    row.lines.filter(position=1).update(item=item, quantity=10, unit="EA", unit_price=2)
    return row


def picture(colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, format="PNG")
    return SimpleUploadedFile("box.png", out.getvalue(), content_type="image/png")


def form(
    invoice: Invoice, quantity: str = "3", *, reason: str = "WG", wish: str = "credit", **more: object
) -> dict[str, object]:
    pk = invoice.lines.get(position=1).pk
    return {
        "token": str(uuid.uuid4()), f"quantity.{pk}": quantity, f"reason.{pk}": reason, f"wish.{pk}": wish, **more,
    }  # fmt: skip


def approve(row: Return, quantity: str, cast: Cast) -> None:
    decide_return(return_id=row.pk, approved={1: Decimal(quantity)}, reason="fine", user=cast.finance)
    decide_return(return_id=row.pk, approved={1: Decimal(quantity)}, reason="fine", user=cast.finance2)
    row.refresh_from_db()


def test_all_that_may_come_back_is_filled_in_and_not_asked_for(cast: Cast, invoice: Invoice) -> None:
    client = signed_in(cast.buyer)
    pk = invoice.lines.get(position=1).pk
    page = main_of(client.get("/returns/new/").content.decode())
    assert f'name="quantity.{pk}" value=""' in page, "nothing by default"
    asked_all = client.post("/returns/new/?q=I1", {**form(invoice, "", reason=""), "all": "1", "reason": "WG"})
    filled = main_of(asked_all.content.decode())
    assert (asked_all.status_code, Return.objects.exists()) == (200, False)
    assert f'name="quantity.{pk}" value="10"' in filled
    assert "Nothing is asked for yet" in filled
    assert asked_all.context["rows"][0]["reason"] == "WG", "the reason for all stands at each"
    kept = client.post("/returns/new/?q=I1", {**form(invoice, "", reason="DM"), "all": "1", "reason": "WG"})
    assert kept.context["rows"][0]["reason"] == "DM", "what was chosen at a line stays"
    none = client.post("/returns/new/?q=I1", {**form(invoice, "10"), "none": "1"})
    assert (none.status_code, Return.objects.exists()) == (200, False)
    assert f'name="quantity.{pk}" value=""' in main_of(none.content.decode())
    sent = client.post("/returns/new/?q=I1", form(invoice, "10"))
    assert sent.status_code == 302
    gone = client.post("/returns/new/", {**form(invoice, ""), "all": "1"}).context["rows"]
    assert [(row["most"], row["quantity"]) for row in gone] == [(0, "")], "what was asked for cannot come back again"


def tried(work: Callable[[], object]) -> bool:
    try:
        work()
    except DomainError:
        return False
    return True


def events() -> list[str]:
    rows = OutboxEvent.objects.filter(aggregate_type="return").order_by("seq")
    return list(rows.values_list("type", flat=True))


def test_the_form_starts_with_nothing_and_shows_the_most(cast: Cast, invoice: Invoice) -> None:
    page = signed_in(cast.buyer).get("/returns/new/?q=i1").content.decode()
    assert 'max="10"' in page
    assert 'placeholder="0"' in page
    assert "10 ea" in page.lower()
    assert page.count('name="quantity.') == 1  # the line of no item that we know cannot come back
    signed_in(cast.buyer).post("/returns/new/", {"token": str(uuid.uuid4())})
    assert not Return.objects.exists()


@pytest.mark.parametrize("text", ["I1", "FST10001", "fst-10001", "HS-1"])
def test_lines_are_found_by_any_number_in_hand(cast: Cast, invoice: Invoice, text: str) -> None:
    found = choosable_lines(account=cast.harbor, text=text)
    assert [row.most for row in found] == ([] if text == "HS-1" else [Decimal(10)])


def test_a_return_with_a_picture_is_asked_for_once_however_often_it_is_clicked(cast: Cast, invoice: Invoice) -> None:
    buyer, sent = signed_in(cast.buyer), form(invoice, reason="DA", reference="OUR-9", note="Box was crushed")
    for _ in range(2):
        answer = buyer.post("/returns/new/", {**sent, "photos": [picture(), picture("blue")]}, follow=True)
    row = Return.objects.get()
    page = answer.content.decode()
    assert [row.amount, row.reference, row.note] == [Decimal("6.00"), "OUR-9", "Box was crushed"]
    assert ReturnPhoto.objects.filter(request=row).count() == 2
    assert "Damaged on arrival" in page
    assert page.count("/returns/photos/") == 4  # a link and a picture each
    assert "label.pdf" not in page
    assert Case.objects.filter(kind="return.requested").count() == 1


def test_a_picture_is_shown_to_the_account_and_to_staff_only(cast: Cast, invoice: Invoice) -> None:
    signed_in(cast.buyer).post("/returns/new/", {**form(invoice, reason="DA"), "photos": [picture()]})
    row, shown = Return.objects.get(), ReturnPhoto.objects.get()
    addresses = [f"/returns/photos/{shown.pk}", f"/returns/{row.number}/"]
    for who, status in ((cast.colleague, 200), (cast.agent, 200), (cast.stranger, 404)):
        assert [signed_in(who).get(one).status_code for one in addresses] == [status, status]
    stranger = signed_in(cast.stranger)
    assert stranger.post(f"/returns/{row.number}/withdraw/").status_code == 404
    assert stranger.post(f"/returns/{row.number}/receive/").status_code == 403
    assert str(row) not in stranger.get("/returns/?view=all").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": "DM"}, "need a picture"),
        ({"reason": "XX"}, "Choose a reason"),
        ({"quantity": "11"}, "At most 10"),
        ({"quantity": "-1"}, "no quantity"),
        ({"quantity": "NaN"}, "no quantity"),
        ({"photos": [SimpleUploadedFile("a.png", b"GIF89a no picture")]}, "not a PNG"),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_asks_for_nothing(
    cast: Cast, invoice: Invoice, change: dict[str, object], said: str
) -> None:
    sent = form(invoice, note="Please", **change)  # type: ignore[arg-type]
    answer = signed_in(cast.buyer).post("/returns/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert ">Please</textarea>" in page
    assert f'value="{change.get("quantity", "3")}"' in page
    assert [Return.objects.count(), Case.objects.count(), ProofImage.objects.count()] == [0, 0, 0]


def test_a_line_of_another_company_cannot_be_chosen(cast: Cast, invoice: Invoice) -> None:
    answer = signed_in(cast.stranger).post("/returns/new/", form(invoice))
    assert answer.status_code == 422
    assert not Return.objects.exists()


def test_a_viewer_looks_and_does_not_ask(cast: Cast, invoice: Invoice) -> None:
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    viewer = signed_in(cast.buyer)
    assert [viewer.get("/returns/").status_code, viewer.post("/returns/new/", form(invoice)).status_code] == [200, 403]
    assert not Return.objects.exists()


def test_after_the_window_nothing_comes_back_by_any_channel(cast: Cast, invoice: Invoice) -> None:
    RulePolicy.objects.create(account=None, code=RETURN_WINDOW, action=FindingAction.REJECT, data={"days": 30})
    Invoice.objects.filter(pk=invoice.pk).update(issued_on=timezone.localdate() - dt.timedelta(days=30))
    assert choosable_lines(account=cast.harbor, text="")[0].most == 10
    Invoice.objects.filter(pk=invoice.pk).update(issued_on=timezone.localdate() - dt.timedelta(days=31))
    assert choosable_lines(account=cast.harbor, text="")[0].most == 0
    answer = signed_in(cast.buyer).post("/returns/new/", form(invoice))
    assert "returns end before" in answer.content.decode()
    assert not Return.objects.exists()


def test_the_label_is_there_once_it_is_approved(cast: Cast, invoice: Invoice) -> None:
    buyer = signed_in(cast.buyer)
    buyer.post("/returns/new/", form(invoice))
    row = Return.objects.get()
    address = f"/returns/{row.number}/label.pdf"
    assert buyer.get(address).status_code == 404
    approve(row, "2", cast)
    answer = buyer.get(address)
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert signed_in(cast.stranger).get(address).status_code == 404
    assert "You may send it back" in buyer.get(f"/returns/{row.number}/").content.decode()


def test_what_came_back_is_credited_by_the_erp_and_settles_the_return(cast: Cast, synced: SandboxProcess) -> None:
    """Through the real sandbox ERP: order, shipment, invoice, return, credit memo."""
    order = place_order(order=asked(("FST-10001", "10", "EA", None), po="PO-1"), source_key="t:1").order
    work_until_idle()
    order.refresh_from_db()
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    invoice = Invoice.objects.get(order=order)
    line = invoice.lines.get()
    buyer = signed_in(cast.buyer)
    buyer.post("/returns/new/", {"token": str(uuid.uuid4()), f"quantity.{line.pk}": "4", f"reason.{line.pk}": "WG"})
    row = Return.objects.get()
    approve(row, "4", cast)
    agent = signed_in(cast.agent)
    agent.post(f"/returns/{row.number}/receive/", {"received.1": "3"})
    row.refresh_from_db()
    assert row.status == "received"
    credit = ReturnCredit.objects.get()
    assert [credit.invoice, credit.amount] == [invoice, (3 * line.unit_price).quantize(Decimal("0.01"))]
    agent.post(f"/returns/{row.number}/receive/", {"received.1": "3"})  # a second click
    work_until_idle()
    assert ErpCommand.objects.filter(return_credit=credit).values_list("state", flat=True).get() == "confirmed"
    synced.approve_credit(ErpCommand.objects.get(return_credit=credit).order_key)
    sync_erp()
    row.refresh_from_db()
    credit.refresh_from_db()
    assert row.status == "settled"
    assert credit.credit_memo
    assert credit.credit_memo.total == credit.amount
    assert credit.credit_memo.number in buyer.get(f"/returns/{row.number}/").content.decode()
    assert events()[-3:] == ["return.received", "return.credited", "return.settled"]
    assert choosable_lines(account=cast.harbor, text="")[0].most == 7  # what was approved and kept is free again
    steps = signed_in(cast.agent).get(f"/chain/{row.correlation_id}/").content.decode()
    assert str(row) in steps


def test_goods_are_received_once_and_never_more_than_was_approved(cast: Cast, invoice: Invoice) -> None:
    signed_in(cast.buyer).post("/returns/new/", form(invoice))
    row = Return.objects.get()
    approve(row, "2", cast)
    for wrong in ({1: Decimal(3)}, {}, {1: Decimal(0)}):
        with pytest.raises(ReturnRefused):
            receive_return(return_id=row.pk, received=wrong)
    assert not ReturnCredit.objects.exists()
    receive_return(return_id=row.pk, received={1: Decimal(2)})
    assert ErpCommand.objects.count() == 1


def test_a_replacement_waits_for_a_person_and_for_no_credit(cast: Cast, invoice: Invoice) -> None:
    signed_in(cast.buyer).post("/returns/new/", form(invoice, wish="replace"))
    row = Return.objects.get()
    approve(row, "3", cast)
    receive_return(return_id=row.pk, received={1: Decimal(3)})
    case = Case.objects.get(kind="return.replacement")
    assert not ErpCommand.objects.exists()
    signed_in(cast.agent).post(f"/desk/{case.number}/claim/")
    signed_in(cast.agent).post(f"/desk/{case.number}/act/replaced/", {"reason": "SO-77", "version": case.version})
    row.refresh_from_db()
    case.refresh_from_db()
    assert [row.status, case.status] == ["settled", "resolved"]


def test_what_was_withdrawn_can_be_asked_for_again(cast: Cast, invoice: Invoice) -> None:
    buyer = signed_in(cast.buyer)
    buyer.post("/returns/new/", form(invoice, "10"))
    row = Return.objects.get()
    with pytest.raises(NotAllowed):
        withdraw_return(return_id=row.pk, user=cast.stranger)
    buyer.post(f"/returns/{row.number}/withdraw/")
    row.refresh_from_db()
    assert row.status == "withdrawn"
    assert not Case.objects.get().is_open
    assert choosable_lines(account=cast.harbor, text="")[0].most == 10
    assert "returns" in buyer.post(f"/returns/{row.number}/withdraw/", follow=True).request["PATH_INFO"]


@pytest.mark.django_db(transaction=True)
def test_received_and_withdrawn_at_once_is_one_of_them(cast: Cast, invoice: Invoice) -> None:
    signed_in(cast.buyer).post("/returns/new/", form(invoice))
    row = Return.objects.get()
    approve(row, "3", cast)
    at_once(
        lambda: tried(lambda: receive_return(return_id=row.pk, received={1: Decimal(3)})),
        lambda: tried(lambda: withdraw_return(return_id=row.pk, user=cast.buyer)),
    )
    row.refresh_from_db()
    assert (row.status, ReturnCredit.objects.count()) in {("received", 1), ("withdrawn", 0)}


def test_the_pages_cost_the_same_for_many(cast: Cast, invoice: Invoice) -> None:
    buyer = signed_in(cast.buyer)
    counts = []
    for many in (1, 8):
        for _ in range(many):
            buyer.post("/returns/new/", form(invoice, "1"))
        with CaptureQueriesContext(connection) as seen:
            buyer.get("/returns/?view=all")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_anonymous_visitor_signs_in_first(db: None) -> None:
    assert Client().get("/returns/").status_code == 302
