"""A dealer disputes lines: what each comes to is computed and can be claimed down, within the window, once."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from distportal.web.templatetags.portal import qty, when
from exceptions.models import Case
from orders.models import Dispute, Invoice, InvoiceLine, RulePolicy
from orders.queries.claims import claimable
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    """Line 1: 10 at 10.20 where 9.95 was agreed; line 2: 4 at 5.00 as agreed."""
    row = an_invoice(cast.harbor, "I1", "102", "20", issued_on=timezone.localdate())
    for position, quantity, price, agreed in ((1, 10, "10.20", "9.95"), (2, 4, "5", "5")):
        line = InvoiceLine.objects.filter(invoice=row, position=position)
        line.update(quantity=quantity, unit_price=Decimal(price), agreed_price=Decimal(agreed))
    return row


def post(client: Client, invoice: Invoice, reason: str = "price", **lines: str) -> str:
    pks = {str(line.position): line.pk for line in invoice.lines.all()}
    form = {"token": str(uuid.uuid4()), "reason": reason, "note": "As counted"}
    form |= {f"{name[:-1]}.{pks[name[-1]]}": value for name, value in lines.items()}
    return str(client.post(f"/invoices/{invoice.number}/dispute/", form, follow=True).content.decode())


def claimed() -> list[tuple[int, Decimal, Decimal]]:
    rows = Dispute.objects.latest("opened_at").lines.order_by("invoice_line__position")
    return [(row.invoice_line.position, row.quantity, row.amount) for row in rows]


def test_what_differs_is_ticked_and_worked_out_beforehand(cast: Cast, invoice: Invoice) -> None:
    page = signed_in(cast.buyer).get("/invoices/I1/dispute/").content.decode()
    assert "billed $10.20, contract $9.95" in page
    assert main_of(page).count(" checked") == 1
    assert "$2.50" in page
    assert "The contract or quote with the price" in page
    assert "the price agreed on the order is on file" in page
    assert "60 days are left" in page
    worked = signed_in(cast.buyer).get(f"/invoices/I1/dispute/?reason=damaged&quantity.{invoice.lines.all()[1].pk}=3")
    assert "$15.00" in worked.content.decode()
    assert "A photo of the damage" in worked.content.decode()
    assert not Dispute.objects.exists()


def test_amounts_are_computed_by_reason_and_may_be_less(cast: Cast, invoice: Invoice) -> None:
    buyer = signed_in(cast.buyer)
    post(buyer, invoice, line1="1")
    assert claimed() == [(1, Decimal(10), Decimal("2.50"))]
    post(buyer, invoice, line1="1", quantity1="4", price1="10.00")
    assert claimed() == [(1, Decimal(4), Decimal("0.80"))]
    post(buyer, invoice, "wrong_item", line2="1", quantity2="3", amount2="9")
    assert claimed() == [(2, Decimal(3), Decimal("9.00"))]
    post(buyer, invoice, "late", amount1="5")
    assert claimed() == [(1, Decimal(10), Decimal("5.00"))]


def test_more_than_it_comes_to_is_refused_and_what_was_typed_stays(cast: Cast, invoice: Invoice) -> None:
    buyer = signed_in(cast.buyer)
    for reason, lines, told in (
        ("price", {"line1": "1", "price1": "10.00", "amount1": "2.01"}, "this comes to $2.00"),
        ("wrong_item", {"line2": "1", "quantity2": "5"}, "up to 4 EA were billed"),
        ("wrong_item", {"line2": "1", "quantity2": "0"}, "up to 4 EA were billed"),
        ("price", {"line2": "1"}, "say which amount you dispute"),
        ("late", {"line2": "1"}, "say which amount you dispute"),
        ("late", {"amount2": "20.01"}, "up to $20.00 can be claimed"),
        ("late", {"amount2": "NaN"}, "cannot be read"),
        ("late", {"amount2": "1e12"}, "cannot be read"),
        ("late", {}, "choose at least one line"),
        ("unheard", {"amount2": "1"}, "the reason is missing"),
    ):
        page = post(buyer, invoice, reason, **lines)
        assert told.lower() in page.lower(), (reason, lines)
        for value in lines.values():
            assert f'value="{value}"' in page
    assert not Dispute.objects.exists()


def test_the_window_is_the_policys_and_a_closed_one_says_when_and_whom_to_ask(cast: Cast, invoice: Invoice) -> None:
    RulePolicy.objects.create(account=cast.harbor, code="dispute_window", action="accept", data={"days": "5"})
    buyer = signed_in(cast.buyer)
    Invoice.objects.update(issued_on=timezone.localdate() - dt.timedelta(days=5))
    assert "0 days are left" in buyer.get("/invoices/I1/dispute/").content.decode()
    post(buyer, invoice, line1="1")
    assert Dispute.objects.count() == 1
    Invoice.objects.update(issued_on=timezone.localdate() - dt.timedelta(days=6))
    closed = timezone.localdate() - dt.timedelta(days=1)
    page = buyer.get("/invoices/I1/dispute/").content.decode()
    assert f"The window closed on {when(closed)}" in page
    assert "finance@northline.example" in page
    assert "<form" not in main_of(page)
    said = post(buyer, invoice, "late", amount2="1")
    assert f"could be disputed until {closed.day} {closed:%b %Y}" in said
    assert Dispute.objects.count() == 1


def test_the_page_of_a_dispute_shows_how_far_it_is_and_its_papers(cast: Cast, invoice: Invoice) -> None:
    buyer = signed_in(cast.buyer)
    page = post(buyer, invoice, line1="1")
    assert all(text in page for text in ("Opened", "In review", "Decided", "Credit booked", "$2.50", "not decided yet"))
    assert "/invoices/I1/pdf/?save=1" in page
    assert "Invoice due" in page
    assert "What is in dispute is not due until it is decided; the rest is." in page
    claimed = Dispute.objects.get().lines.get()
    billed = claimed.invoice_line
    assert f"{qty(claimed.quantity, billed.unit)}<small>of {qty(billed.quantity, billed.unit)}</small>" in page
    row = Dispute.objects.get()
    assert str(row) in buyer.get("/disputes/").content.decode()
    assert str(row) not in signed_in(cast.stranger).get("/disputes/").content.decode()
    assert signed_in(cast.stranger).get("/invoices/I1/dispute/").status_code == 404
    assert "/disputes/" in buyer.get("/invoices/I1/").content.decode()


def test_the_same_form_twice_is_one_dispute(cast: Cast, invoice: Invoice) -> None:
    form = {"token": str(uuid.uuid4()), "reason": "price", "note": "Too dear", f"line.{invoice.lines.all()[0].pk}": "1"}
    buyer = signed_in(cast.buyer)
    pages = {buyer.post("/invoices/I1/dispute/", form).headers["Location"] for _ in range(2)}
    assert (len(pages), Dispute.objects.count()) == (1, 1)


def test_a_draft_is_kept_and_submitted_by_the_dealer_within_the_window(cast: Cast, invoice: Invoice) -> None:
    buyer = signed_in(cast.buyer)
    row = kept_draft(buyer, invoice, "late", amount2="5")
    assert (row.status, row.amount_claimed, claimable(invoice)[invoice.lines.get(position=2).pk]) == (
        "draft", Decimal(5), Decimal(20),
    )  # fmt: skip
    page = buyer.get(f"/disputes/{row.number}/").content.decode()
    assert "Submit it" in main_of(page)
    assert not Case.objects.filter(subject_id=str(row.pk)).exists()
    assert signed_in(cast.stranger).post(f"/disputes/{row.number}/submit/").status_code == 404

    Invoice.objects.filter(pk=invoice.pk).update(issued_on=timezone.localdate() - dt.timedelta(days=61))
    told = buyer.post(f"/disputes/{row.number}/submit/", follow=True).content.decode()
    assert "could be disputed until" in told
    row.refresh_from_db()
    assert row.status == "draft"
    Invoice.objects.filter(pk=invoice.pk).update(issued_on=timezone.localdate())
    told = main_of(buyer.post(f"/disputes/{row.number}/submit/", follow=True).content.decode())
    row.refresh_from_db()
    assert (row.status, "Submit it" in told) == ("submitted", False)
    assert claimable(invoice)[invoice.lines.get(position=2).pk] == 15
    assert Case.objects.get(subject_id=str(row.pk)).kind == "dispute.open"


def test_a_draft_that_is_not_wanted_is_withdrawn(cast: Cast, invoice: Invoice) -> None:
    buyer = signed_in(cast.buyer)
    row = kept_draft(buyer, invoice, "late", amount2="5")
    buyer.post(f"/disputes/{row.number}/withdraw/", {"reason": "found it"})
    row.refresh_from_db()
    assert row.status == "withdrawn"
    assert not Case.objects.exists()


def kept_draft(client: Client, invoice: Invoice, reason: str, **lines: str) -> Dispute:
    before = set(Dispute.objects.values_list("pk", flat=True))
    pks = {str(line.position): line.pk for line in invoice.lines.all()}
    form = {"token": str(uuid.uuid4()), "reason": reason, "note": "Not sure yet", "draft": "1"}
    form |= {f"{name[:-1]}.{pks[name[-1]]}": value for name, value in lines.items()}
    assert client.post(f"/invoices/{invoice.number}/dispute/", form).status_code == 302
    return Dispute.objects.exclude(pk__in=before).get()
