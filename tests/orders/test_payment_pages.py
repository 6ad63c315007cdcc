"""Payments as dealers and finance see them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import Dispute, Invoice, Remittance
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice, line, pay

pytestmark = pytest.mark.django_db


def test_a_dealer_sees_what_is_paid_and_open_and_the_dispute(cast: Cast) -> None:
    an_invoice(cast.harbor, "I1", "20")
    pay(cast.harbor, line("I1", "15"), trace="WIRE-7")
    page = signed_in(cast.buyer).get("/invoices/I1/").content.decode()
    for text in ("Payments", "Partly paid", "WIRE-7", "$15.00", "$5.00", str(Dispute.objects.get()), "Paid short"):
        assert text in page, text
    shown = signed_in(cast.buyer).get("/invoices/").content.decode()
    assert "Partly paid" in shown
    assert signed_in(cast.stranger).get("/invoices/I1/").status_code == 404


def test_the_list_of_invoices_takes_as_many_queries_for_many_as_for_few(cast: Cast) -> None:
    client = signed_in(cast.buyer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as ran:
            assert client.get("/invoices/").status_code == 200
        return len(ran)

    an_invoice(cast.harbor, "I0", "20")
    queries()
    few = queries()
    for n in range(1, 20):
        an_invoice(cast.harbor, f"I{n}", "20")
        pay(cast.harbor, line(f"I{n}", "20"))
    assert queries() == few


def test_dealers_are_not_offered_the_reason_that_only_payments_have(cast: Cast) -> None:
    an_invoice(cast.harbor, "I1", "20")
    Invoice.objects.update(issued_on=timezone.localdate())
    page = signed_in(cast.buyer).get("/invoices/I1/dispute/").content.decode()
    assert 'value="price"' in page
    assert 'value="unstated"' not in page


def test_finance_reads_payments_with_links_to_their_disputes_and_changes_nothing(cast: Cast) -> None:
    an_invoice(cast.harbor, "I1", "20")
    pay(cast.harbor, line("I1", "15"))
    row = Remittance.objects.get()
    address = f"/admin/orders/remittance/{row.pk}/change/"
    finance = signed_in(cast.finance)
    page = finance.get(address).content.decode()
    assert f"/admin/orders/dispute/{Dispute.objects.get().pk}/change/" in page
    assert "Paid short" in page
    assert "(&#x27;short&#x27;" not in page, "a word, not what the list makes a label of"
    assert 'name="_save"' not in page
    assert finance.get("/admin/orders/remittance/").status_code == 200
    assert finance.get("/admin/orders/remittance/add/").status_code == 403
    assert signed_in(cast.agent).get(address).status_code == 403


def test_the_case_of_a_payment_shows_its_lines(cast: Cast) -> None:
    from exceptions.models import Case

    pay(cast.harbor, line("NONE", "15"), trace="WIRE-8")
    case = Case.objects.get()
    page = signed_in(cast.finance).get(f"/desk/{case.number}/").content.decode()
    assert "Payment WIRE-8" in page
    assert "No such invoice" in page
    told = signed_in(cast.finance).post(f"/desk/{case.number}/act/match/", {"reason": ""}, follow=True)
    assert b"no line found its invoice" in told.content


def test_finance_is_led_to_the_desk_and_to_payments(cast: Cast) -> None:
    page = signed_in(cast.finance).get("/").content.decode()
    assert 'href="/desk/"' in page
    assert 'href="/admin/orders/remittance/"' in page
    assert 'href="/admin/orders/remittance/"' not in signed_in(cast.agent).get("/").content.decode()
