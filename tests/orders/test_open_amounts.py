"""What the database keeps beside each document is what payments and credit memos come to, whoever wrote them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from orders.models import Invoice, Remittance, RemittanceLine
from orders.process.open_amounts import reckon_missing
from orders.process.remittances import match_again
from orders.queries.open_documents import open_documents
from orders.queries.payments import balances_of, listed
from tests.at_once import at_once
from tests.conftest import Cast
from tests.orders.money import an_invoice, line, pay

pytestmark = pytest.mark.django_db


def kept() -> dict[str, Decimal | None]:
    return dict(Invoice.objects.order_by("number").values_list("number", "still_open"))


def assert_kept(**figures: int) -> None:
    """Exactly these, and the same as is found without them."""
    assert kept() == {number: Decimal(figure) for number, figure in figures.items()}
    bills = list(Invoice.objects.filter(kind="invoice"))
    assert {row.pk: row.still_open for row in bills} == {pk: found.open for pk, found in balances_of(bills).items()}
    sums = Remittance.objects.annotate(sum=Coalesce(Sum(F("lines__paid") + F("lines__discount")), Decimal(0)))
    assert list(sums.exclude(settled=F("sum"))) == []


def a_memo(cast: Cast, number: str, amount: str, corrects: Invoice | None = None) -> Invoice:
    return an_invoice(cast.harbor, number, amount, kind="credit_memo", corrects=corrects)


def test_every_kind_of_change_is_kept(cast: Cast) -> None:
    bill = an_invoice(cast.harbor, "A", "100")
    assert_kept(A=100)
    memo = a_memo(cast, "M", "20", bill)
    a_memo(cast, "N", "7")
    assert_kept(A=80, M=0, N=-7)
    pay(cast.harbor, line("A", "30"), trace="W1")
    assert_kept(A=50, M=0, N=-7)
    pay(cast.harbor, line("M", "-20", kind="credit_memo"), line("N", "-7", kind="credit_memo"), trace="W2")
    assert_kept(A=70, M=0, N=0)
    pay(cast.harbor, line("A", "90"), trace="W3")
    assert_kept(A=-20, M=0, N=0)
    pay(cast.harbor, line("A", "-20"), trace="W4")
    assert_kept(A=0, M=0, N=0)
    Remittance.objects.filter(trace="W3").update(state="conflict")
    assert_kept(A=90, M=0, N=0)
    Remittance.objects.filter(trace="W2").update(state="conflict")
    assert_kept(A=70, M=0, N=-7)
    RemittanceLine.objects.filter(remittance__trace="W1").update(paid="25", discount="1")
    assert_kept(A=74, M=0, N=-7)
    Remittance.objects.filter(trace="W1").delete()
    assert_kept(A=100, M=0, N=-7)
    Invoice.objects.filter(pk=memo.pk).update(total="35")
    assert_kept(A=85, M=0, N=-7)
    Remittance.objects.filter(trace="W2").delete()
    memo.lines.all().delete()
    memo.delete()
    assert_kept(A=120, N=-7)


def test_a_line_that_finds_its_invoice_later_is_kept(cast: Cast) -> None:
    row = pay(cast.harbor, line("LATE", "30"), trace="W1").remittance
    an_invoice(cast.harbor, "LATE", "100")
    assert_kept(LATE=100)
    match_again(remittance_id=row.pk, told_by="a test")
    assert_kept(LATE=70)
    other = an_invoice(cast.harbor, "OTHER", "50")
    RemittanceLine.objects.filter(remittance=row).update(invoice=other)
    assert_kept(LATE=100, OTHER=20)


def test_an_object_that_was_read_before_a_payment_saves_no_old_figure(cast: Cast) -> None:
    made = an_invoice(cast.harbor, "A", "100")
    read = Invoice.objects.get(number="A")
    pay(cast.harbor, line("A", "30"))
    for stale in (made, read):
        stale.due_on = stale.issued_on
        stale.save()
        assert_kept(A=70)
    Invoice.objects.update(still_open=1)
    payment = Remittance.objects.get()
    RemittanceLine.objects.update(discount="2")
    payment.save()
    assert_kept(A=68)
    assert Remittance.objects.get().settled == 32


def without_figures() -> None:
    """As an older version left them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL orders.reckoning = 'on'")
        cursor.execute("UPDATE orders_invoice SET still_open = NULL")
        cursor.execute("UPDATE orders_remittance SET settled = NULL")
        cursor.execute("SET LOCAL orders.reckoning = ''")


def test_documents_without_a_figure_are_looked_up_and_reckoned_in_batches(cast: Cast) -> None:
    bills = [an_invoice(cast.harbor, f"A{n}", "10") for n in range(5)]
    a_memo(cast, "M", "4", bills[0])
    pay(cast.harbor, line("A1", "10"))
    before, told = kept(), open_documents(cast.harbor.pk)
    assert [row.balance.open for row in listed(bills) if row.balance] == [6, 0, 10, 10, 10]
    without_figures()
    assert set(kept().values()) == {None}
    assert sorted(map(str, open_documents(cast.harbor.pk))) == sorted(map(str, told))
    again = listed(Invoice.objects.filter(kind="invoice").order_by("number"))
    assert [row.balance.open for row in again if row.balance] == [6, 0, 10, 10, 10]
    assert not reckon_missing(batch=4, budget=-1)
    assert list(kept().values()).count(None) == 2
    assert reckon_missing(batch=4)
    assert kept() == before
    assert Remittance.objects.get().settled == 10


def test_the_command_tells_how_many_were_wrong(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    an_invoice(cast.harbor, "A", "10")
    an_invoice(cast.harbor, "B", "10")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL orders.reckoning = 'on'")
        cursor.execute("UPDATE orders_invoice SET still_open = 3 WHERE number = 'B'")
        cursor.execute("SET LOCAL orders.reckoning = ''")
    call_command("reckon_open")
    assert "2 documents and payments, 1 had another figure" in capsys.readouterr().out
    assert_kept(A=10, B=10)


@pytest.mark.django_db(transaction=True)
def test_payments_and_memos_at_once_are_all_kept(cast: Cast) -> None:
    bills = [an_invoice(cast.harbor, name, "100") for name in ("A", "B")]
    at_once(
        *[lambda: pay(cast.harbor, line("A", "1"), line("B", "2"))] * 4,
        *[lambda: pay(cast.harbor, line("B", "2"), line("A", "1"))] * 4,
        *[lambda n=n: a_memo(cast, f"M{n}", "5", bills[n % 2]) for n in range(6)],
    )
    found = kept()
    assert (found["A"], found["B"]) == (100 - 8 - 15, 100 - 16 - 15)
    assert_kept(**{name: int(figure or 0) for name, figure in found.items()})
