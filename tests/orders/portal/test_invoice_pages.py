"""The list of invoices with its totals, one invoice with its checks and its paper."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.events.sweeper import work_until_idle
from orders.models import Invoice, InvoiceLine
from orders.process.disputes import Claim, open_dispute
from orders.process.erp_feed import sync_erp
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice, line, pay
from tests.orders.portal.conftest import placed_order, reload
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.fixture
def books(cast: Cast) -> None:
    """One open, one overdue and disputed, one paid, one credit memo, and one of a stranger."""
    an_invoice(cast.harbor, "OPEN-1", "100", issued_on=ago(3), due_on=ago(-27))
    an_invoice(cast.harbor, "LATE-1", "60", issued_on=ago(50), due_on=ago(20))
    an_invoice(cast.harbor, "PAID-1", "40", issued_on=ago(50), due_on=ago(20))
    an_invoice(cast.harbor, "MEMO-1", "7", kind="credit_memo", issued_on=ago(2), due_on=ago(2))
    an_invoice(cast.stranger.memberships.get().account, "THEIRS-1", "999", issued_on=ago(1), due_on=ago(-5))
    pay(cast.harbor, line("PAID-1", "40"), trace="W1")
    late = Invoice.objects.get(number="LATE-1")
    claim = Claim(invoice_line_id=late.lines.get().pk, quantity=Decimal(1), amount=Decimal(15))
    open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=late.pk, reason="price", claims=[claim], note="",  # type: ignore[arg-type]
        user=cast.buyer,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"OPEN-1", "LATE-1", "PAID-1", "MEMO-1"}),
        ("view=open", {"OPEN-1", "LATE-1"}),
        ("view=overdue", {"LATE-1"}),
        ("view=disputed", {"LATE-1"}),
        ("view=paid", {"PAID-1"}),
        ("view=credits", {"MEMO-1"}),
        ("age=1-30", {"LATE-1"}),
        ("age=current", {"OPEN-1"}),
        ("age=over-90", set()),
        ("view=open&q=late", {"LATE-1"}),
        ("q=THEIRS", set()),
    ],
)
def test_tabs_ages_and_search(query: str, found: set[str], cast: Cast, books: None) -> None:
    page = signed_in(cast.buyer).get(f"/invoices/?{query}")
    assert {row.invoice.number for row in page.context["rows"]} == found
    text = page.content.decode()
    assert all(amount in text for amount in ("$160.00", "$45.00", "$15.00", "$7.00")), "totals stand above every view"
    table = b"".join(signed_in(cast.buyer).get(f"/invoices.csv?{query}").streaming_content).decode()  # type: ignore[attr-defined]
    assert {row.split(",")[0] for row in table.splitlines()[1:]} == found


def test_staff_see_all_and_totals_of_the_account_they_name(cast: Cast, books: None) -> None:
    finance = signed_in(cast.finance)
    page = finance.get("/invoices/")
    assert {row.invoice.number for row in page.context["rows"]} >= {"THEIRS-1", "OPEN-1"}
    assert page.context["totals"] == []
    named = finance.get("/invoices/?account=HARBOR")
    assert [one.open for one in named.context["totals"]] == [160]
    assert "THEIRS-1" not in named.content.decode()


def test_each_page_takes_as_many_queries_for_many_as_for_few(cast: Cast, books: None) -> None:
    buyer = signed_in(cast.buyer)
    addresses = (
        "/invoices/",
        "/invoices/?view=open&q=1",
        "/invoices/LATE-1/",
        "/payments/",
        "/disputes/",
        "/statement/",
    )

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as ran:
            assert buyer.get(address).status_code == 200
        return len(ran)

    [queries(address) for address in addresses]
    few = {address: queries(address) for address in addresses}
    for n in range(30):
        an_invoice(cast.harbor, f"M-{n}", "20", issued_on=ago(n), due_on=ago(n - 30))
        pay(cast.harbor, line(f"M-{n}", "10"))
    for n in range(2, 30):
        InvoiceLine.objects.create(
            invoice=Invoice.objects.get(number="LATE-1"), position=n, quantity=1, unit="EA", unit_price=1, amount=1
        )
    assert {address: queries(address) for address in addresses} == few
    assert few["/invoices/"] <= 15


def test_a_line_is_linked_and_compared_with_contract_and_shipment(cast: Cast, synced: SandboxProcess) -> None:
    order = placed_order(("FST-10001", "100", "EA", None), po="PO-77")
    work_until_idle()
    synced.ship(reload(order).erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    invoice = Invoice.objects.get(order=order)
    buyer = signed_in(cast.buyer)
    sound = buyer.get(f"/invoices/{invoice.number}/").content.decode()
    assert "as agreed and sent" in sound
    assert f'<a href="/orders/{order.number}/">Order line 1</a>' in sound
    assert f'<a href="/shipments/{invoice.shipment.number}/">100 EA sent</a>' in sound  # type: ignore[union-attr]
    billed = invoice.lines.get()
    agreed = billed.unit_price
    InvoiceLine.objects.filter(pk=billed.pk).update(unit_price=agreed + Decimal("0.25"), quantity=110, amount=200)
    page = buyer.get(f"/invoices/{invoice.number}/").content.decode()
    assert f"billed ${agreed + Decimal('0.25'):.2f}, contract ${agreed:.2f}" in page
    assert "10 EA billed and not sent" in page
    assert f"${Decimal('27.50') + 10 * agreed:.2f}" in page, "25 cents on each of 110, and 10 that were not sent"
    assert f"/invoices/{invoice.number}/dispute/?only={billed.pk}" in page
    assert f"/shipments/{invoice.shipment.number}/" in page  # type: ignore[union-attr]
    assert f"/orders/{order.number}/" in page


def test_the_paper_is_the_documents_and_only_its_own_people_get_it(cast: Cast, books: None) -> None:
    answer = signed_in(cast.buyer).get("/invoices/OPEN-1/pdf/?save=1")
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="OPEN-1_{ago(3)}.pdf"'
    assert (
        "frame-ancestors 'self'"
        in signed_in(cast.buyer).get("/invoices/OPEN-1/pdf/").headers["Content-Security-Policy"]
    )
    assert answer.content == signed_in(cast.finance).get("/invoices/OPEN-1/pdf/?save=1").content
    assert signed_in(cast.stranger).get("/invoices/OPEN-1/pdf/").status_code == 404


def test_payments_show_what_each_line_did(cast: Cast, books: None) -> None:
    pay(cast.harbor, line("OPEN-1", "90"), line("NOPE", "5"), trace="W2")
    buyer = signed_in(cast.buyer)
    assert [row.trace for row in buyer.get("/payments/?q=open-1").context["page"].object_list] == ["W2"]
    payment = buyer.get("/payments/").context["page"].object_list[0]
    page = buyer.get(f"/payments/{payment.pk}/").content.decode()
    assert all(text in page for text in ("Paid short", "No such invoice", "/invoices/OPEN-1/", "/disputes/"))
    assert signed_in(cast.stranger).get(f"/payments/{payment.pk}/").status_code == 404
    assert list(signed_in(cast.stranger).get("/payments/").context["page"].object_list) == []
