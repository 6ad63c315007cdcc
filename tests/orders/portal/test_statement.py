"""The statement: opening plus movements is closing, and closing is what is open less what is not set against it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import Invoice, Remittance
from orders.queries.open_documents import open_documents
from orders.queries.payments import balances_of
from orders.queries.receivables import receivables_of, with_open
from orders.queries.statement import Statement, statement_of
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice, line, pay, unsaved_invoice

pytestmark = pytest.mark.django_db


def ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def told(statement: Statement) -> list[tuple[str, Decimal, Decimal]]:
    return [(move.number, move.amount, move.balance) for move in statement.movements]


@pytest.fixture
def books(cast: Cast) -> None:
    """Invoices of every age, one paid in part, one credited, one credited by a memo that a payment took, one paid too
    much, and a credit memo for nothing in particular.
    """
    for number, total, issued in (
        ("A", "100", 140),
        ("B", "200", 100),
        ("C", "50", 70),
        ("D", "80", 45),
        ("E", "40", 5),
    ):
        an_invoice(cast.harbor, number, total, issued_on=ago(issued), due_on=ago(issued - 30))
    memo = {"kind": "credit_memo", "due_on": ago(60)}
    an_invoice(cast.harbor, "MB", "20", corrects=Invoice.objects.get(number="B"), issued_on=ago(60), **memo)
    an_invoice(cast.harbor, "MC", "5", corrects=Invoice.objects.get(number="C"), issued_on=ago(60), **memo)
    an_invoice(cast.harbor, "MX", "7", issued_on=ago(60), **memo)
    pay(cast.harbor, line("A", "30"), trace="W1")
    pay(cast.harbor, line("C", "50"), line("MC", "-5", kind="credit_memo"), trace="W2")
    pay(cast.harbor, line("D", "90"), trace="W3")
    for trace, days in (("W1", 90), ("W2", 30), ("W3", 10)):
        Remittance.objects.filter(trace=trace).update(paid_on=ago(days))


def test_opening_movements_and_closing_add_up_on_any_day(cast: Cast, books: None) -> None:
    whole = statement_of(cast.harbor, since=ago(200), as_of=ago(0))
    assert whole.opening == 0
    assert [number for number, *_ in told(whole)] == ["A", "B", "W1", "C", "MB", "MC", "MX", "D", "W2", "W3", "E"]
    assert whole.closing == Decimal("100") + 200 - 30 + 50 - 20 - 5 - 7 + 80 - 45 - 90 + 40
    for days in (0, 8, 20, 50, 65, 95, 300):
        later = statement_of(cast.harbor, since=ago(days), as_of=ago(0))
        before = statement_of(cast.harbor, since=ago(400), as_of=ago(days + 1))
        assert (later.opening, later.closing) == (before.closing, whole.closing), days


def test_ages_are_as_of_the_day_and_come_to_the_closing_balance(cast: Cast, books: None) -> None:
    now = statement_of(cast.harbor, since=ago(200), as_of=ago(0))
    assert dict(now.ages.ages) == {
        "current": Decimal(40), "1-30": Decimal(0), "31-60": Decimal(0), "61-90": Decimal(180), "over-90": Decimal(0),
        "disputed": Decimal(70),
    }  # fmt: skip
    assert now.unapplied == Decimal(10) + 7
    then = statement_of(cast.harbor, since=ago(200), as_of=ago(95))
    assert dict(then.ages.ages)["1-30"] == 100, "what was paid later was open then"
    assert then.ages.open - then.unapplied == then.closing
    for days in range(0, 150, 7):
        some = statement_of(cast.harbor, since=ago(200), as_of=ago(days))
        assert sum(some.ages.ages.values()) == some.ages.open
        assert some.ages.open - some.unapplied == some.closing


def test_the_edges_of_the_ages(cast: Cast) -> None:
    for days, age in ((0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
                      (90, "61-90"), (91, "over-90")):  # fmt: skip
        Invoice.objects.all().delete()
        an_invoice(cast.harbor, f"N{days}", "10", issued_on=ago(days + 30), due_on=ago(days))
        [found] = receivables_of(cast.harbor, today=ago(0))
        assert [name for name, amount in found.ages.items() if amount] == [age], days


def test_the_database_and_the_page_say_the_same_of_what_is_open(cast: Cast, books: None) -> None:
    rows = list(with_open(Invoice.objects.filter(kind="invoice")))
    balances = balances_of(rows)
    assert {row.number: row.open_amount for row in rows} == {row.number: balances[row.pk].open for row in rows}
    assert len(rows) == 5


def test_one_pass_over_all_documents_finds_what_each_of_them_has_open(cast: Cast, books: None) -> None:
    for days in (0, 9, 20, 50, 65, 95, 130, 300):
        rows = with_open(Invoice.objects.filter(issued_on__lte=ago(days)), as_of=ago(days)).exclude(open_amount=0)
        told = sorted(rows.order_by().values_list("currency", "due_on", "open_amount"))
        found = open_documents(cast.harbor.pk, as_of=ago(days))
        assert sorted((one.currency, one.due_on, one.amount) for one in found) == told, days


def test_pages_papers_and_files_of_the_account_alone(cast: Cast, books: None) -> None:
    buyer, address = signed_in(cast.buyer), f"since={ago(200)}&as_of={ago(0)}"
    page = buyer.get(f"/statement/?{address}").content.decode()
    assert all(text in page for text in ("Opening balance", "Closing balance", "W2", "$273.00", "Over 90 days overdue"))
    paper = buyer.get(f"/statement.pdf?{address}")
    assert paper.content.startswith(b"%PDF-")
    assert "statement_HARBOR_" in paper.headers["Content-Disposition"]
    rows = list(
        csv.DictReader(io.StringIO(b"".join(buyer.get(f"/statement.csv?{address}").streaming_content).decode()))
    )
    assert (len(rows), rows[0]["kind"], rows[12]["kind"]) == (20, "Opening balance", "Closing balance")
    assert rows[12]["balance"] == "273.00"
    other = signed_in(cast.stranger).get(f"/statement/?{address}&account=HARBOR").content.decode()
    assert "W2" not in other
    assert "Summit Supply" in other
    assert "W2" in signed_in(cast.finance).get(f"/statement/?{address}&account=HARBOR").content.decode()
    assert "Whose statement?" in signed_in(cast.finance).get("/statement/").content.decode()
    assert signed_in(cast.finance).get("/statement/?account=NOBODY").status_code == 404


def test_a_day_that_cannot_be_is_left_out(cast: Cast, books: None) -> None:
    buyer = signed_in(cast.buyer)
    for query in (
        "as_of=soon",
        "as_of=9999-12-31",
        "since=0001-01-01",
        "since=2999-01-01",
        "currency=XX",
        "as_of=0001-01-01",
    ):
        assert buyer.get(f"/statement/?{query}").status_code == 200, query


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", None),
        ("as_of=soon", "That is no day; the other days are shown."),
        ("as_of=2999-12-31", "That day is still to come; this is the statement as of today."),
        ("since=2024-02-01&as_of=2024-01-01", "The first day was behind the last one; this is the last day alone."),
    ],
)
def test_a_day_that_is_not_taken_is_told(query: str, told: str | None, cast: Cast, books: None) -> None:
    page = main_of(signed_in(cast.buyer).get(f"/statement/?{query}").content.decode())
    assert (told in page) if told else ('class="note"' not in page)


def test_more_movements_than_a_page_shows(cast: Cast) -> None:
    Invoice.objects.bulk_create(
        unsaved_invoice(cast.harbor, f"N{n}", Decimal(10), issued_on=ago(n % 200), due_on=ago(n % 200 - 30))
        for n in range(700)
    )
    buyer, address = signed_in(cast.buyer), f"since={ago(300)}"
    buyer.get("/statement/")
    with CaptureQueriesContext(connection) as ran:
        page = buyer.get(f"/statement/?{address}")
    assert page.context["statement"].closing == 7_000
    assert "600 earlier movements" in page.content.decode()
    assert (page.context["statement"].carried, len(page.context["statement"].movements)) == (6_000, 100)
    assert len(ran) <= 16
    paper = buyer.get(f"/statement.pdf?{address}").content
    assert 10 < paper.count(b"/Type /Page\n") < 25


def test_the_newest_are_the_end_of_the_whole_also_among_those_of_one_day(cast: Cast, books: None) -> None:
    for number in ("m1", "N-2", "N1"):
        an_invoice(cast.harbor, number, "3", issued_on=ago(60), due_on=ago(30))
    pay(cast.harbor, line("N1", "1"), trace="w4")
    Remittance.objects.filter(trace="w4").update(paid_on=ago(60))
    whole = statement_of(cast.harbor, since=ago(120), as_of=ago(1))
    assert len(whole.movements) > 10
    for newest in range(1, len(whole.movements) + 2):
        part = statement_of(cast.harbor, since=ago(120), as_of=ago(1), newest=newest)
        assert part.movements == whole.movements[-newest:]
        assert (part.opening, part.closing, part.ages) == (whole.opening, whole.closing, whole.ages)
        assert part.hidden == max(len(whole.movements) - newest, 0)
        assert part.carried == part.movements[0].balance - part.movements[0].amount
