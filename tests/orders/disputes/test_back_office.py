"""Finance's pages: who sees them, what they say, and that a hundred thousand rows cost no more queries than a few."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.choices import LetterKind, RootCause
from orders.errors import LetterRefused
from orders.models import ApprovalLimit, Dispute, Invoice, LetterTemplate, SavedFilter
from orders.process.dispute_deciding import approve_dispute, reject_dispute
from orders.process.letter_words import fill, save_words, words_of
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.disputes.conftest import Opens

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/dispute/"


@pytest.fixture
def finance(cast: Cast) -> Client:
    return signed_in(cast.finance)


def numbers(page: str, *rows: Dispute) -> list[bool]:
    return [f">{row}<" in page for row in rows]


def test_the_list_has_its_sum_its_work_lists_and_kept_filters(cast: Cast, finance: Client, opens: Opens) -> None:
    mine, other = opens("30"), opens("40")
    Dispute.objects.filter(pk=mine.pk).update(processor=cast.finance, status="in_review")
    page = finance.get(LIST).content.decode()
    assert "2 open disputes claim $70.00" in page
    page = finance.get(f"{LIST}?list=processor").content.decode()
    assert (numbers(page, mine, other), "1 open dispute claims $30.00" in page) == ([True, False], True)
    assert numbers(finance.get(f"{LIST}?list=nobody").content.decode(), mine, other) == [False, True]
    finance.post(f"{LIST}keep-filter/", {"name": "My price cases", "query": "list=processor&reason__exact=price"})
    assert 'href="/admin/orders/dispute/?list=processor&amp;reason__exact=price"' in finance.get(LIST).content.decode()
    colleague = signed_in(cast.finance2)
    assert "My price cases" not in colleague.get(LIST).content.decode()
    colleague.post(f"{LIST}forget-filter/", {"name": "My price cases"})
    assert SavedFilter.objects.count() == 1, "another person's filter stays"
    finance.post(f"{LIST}forget-filter/", {"name": "My price cases"})
    assert SavedFilter.objects.count() == 0
    assert finance.post(f"{LIST}keep-filter/", {"name": " ", "query": ""}, follow=True).status_code == 200
    assert SavedFilter.objects.count() == 0


def test_only_the_steps_that_are_possible_have_a_button(cast: Cast, finance: Client, opens: Opens) -> None:
    row = opens("30")
    page = finance.get(f"{LIST}{row.pk}/change/").content.decode()
    assert f"{LIST}{row.pk}/approve/" in page
    assert f"{LIST}{row.pk}/reverse/" not in page
    assert "The contract or quote with the price" in page
    reject_dispute(dispute_id=row.pk, reason="no", user=cast.finance)
    page = finance.get(f"{LIST}{row.pk}/change/").content.decode()
    assert f"{LIST}{row.pk}/approve/" not in page
    assert f"{LIST}{row.pk}/take-back/" in page
    assert "Denial" in page
    assert finance.post(f"{LIST}{row.pk}/delete/").status_code == 403


def test_strangers_and_other_teams_see_none_of_it(cast: Cast, opens: Opens) -> None:
    row = opens("30")
    for user in (cast.buyer, cast.stranger, cast.agent):
        client = signed_in(user)
        for address in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}report/", f"{LIST}report.csv",
                        "/admin/orders/lettertemplate/write/denial/", "/admin/orders/invoicefinding/"):  # fmt: skip
            assert client.get(address).status_code in (302, 403), (user, address)
        assert client.post(f"{LIST}{row.pk}/reject/", {"reason": "x"}).status_code in (302, 403)
        assert client.post(f"{LIST}keep-filter/", {"name": "x", "query": ""}).status_code in (302, 403)
    row.refresh_from_db()
    assert (row.status, SavedFilter.objects.count()) == ("submitted", 0)


def test_a_letter_is_the_dealers_and_not_a_strangers(cast: Cast, opens: Opens) -> None:
    row = reject_dispute(dispute_id=opens("30").pk, reason="no", user=cast.finance)
    address = f"/disputes/letters/{row.letters.get().pk}.pdf"
    assert signed_in(cast.buyer).get(address).content.startswith(b"%PDF")
    assert signed_in(cast.stranger).get(address).status_code == 404


def test_the_report_says_what_is_open_and_who_won(cast: Cast, finance: Client, opens: Opens) -> None:
    ApprovalLimit.objects.create(limit=Decimal(50))
    old, won, lost = opens("30"), opens("20"), opens("0", "60")
    Dispute.objects.filter(pk=old.pk).update(opened_at=timezone.now() - dt.timedelta(days=40))
    approve_dispute(dispute_id=won.pk, amount=Decimal(20), root_cause=RootCause.PICKING, reason="ok", user=cast.finance)
    reject_dispute(dispute_id=lost.pk, reason="no", user=cast.finance, root_cause=RootCause.CUSTOMER_ERROR)
    page = finance.get(f"{LIST}report/").content.decode()
    assert "<svg" in page
    assert "75 %" in page, "60 of 80 that were decided were not credited"
    answer = finance.get(f"{LIST}report.csv")
    assert 'filename="dispute-report_' in answer["Content-Disposition"], "not the name of the list's file"
    told = answer.getvalue().decode("utf-8-sig")
    rows = {(row[0], row[1]): row[2:4] for row in csv.reader(io.StringIO(told))}
    assert rows["Open", "all"] == ["2", "50.00"]
    assert rows["Open by age", "31 to 60 days"] == ["1", "30.00"]
    assert rows["Decided in 90 days by cause", "Customer's error"] == ["1", "60.00"]
    assert rows["Open by processor", "nobody"][0] == "2"


def test_finances_home_says_what_waits_and_leads_there(cast: Cast, finance: Client, opens: Opens) -> None:
    nothing = main_of(finance.get("/").content.decode())
    assert "Nothing waits for finance" in nothing
    assert "?list=" not in nothing
    opens("30")
    waits = main_of(finance.get("/").content.decode())
    assert f'<a href="{LIST}">$30.00</a>' in waits
    assert f'<a href="{LIST}?list=nobody">1</a>' in waits
    assert "?list=second" not in waits, "an empty list is no work"
    assert "Waits for finance" not in main_of(signed_in(cast.agent).get("/").content.decode())


def test_the_front_page_has_finances_cards_and_nobody_elses(cast: Cast, finance: Client, opens: Opens) -> None:
    opens("30")
    page = finance.get("/admin/").content.decode()
    assert "In dispute" in page
    assert "$30.00" in page
    assert f"{LIST}?list=nobody" in page
    assert "Nobody&#x27;s" in page


def test_words_of_letters_have_versions_a_preview_and_safe_placeholders(cast: Cast, finance: Client) -> None:
    address = "/admin/orders/lettertemplate/write/denial/"
    empty = finance.get("/admin/orders/lettertemplate/").content.decode()
    assert "until you write a version of your own" in empty
    assert "They come here by themselves" not in empty
    told = {"version": "0", "subject": "No: {dispute}", "body": "Dear <b>{account}</b>,\n\n{words}"}
    page = finance.post(address, {**told, "preview": "1"}).content.decode()
    assert "No: D-100311" in page
    assert "Dear &lt;b&gt;Harbor Hardware&lt;/b&gt;" in page
    assert not LetterTemplate.objects.exists()
    page = finance.post(address, {**told, "body": "{account.password}"}).content.decode()
    assert "there is no {account.password}" in page
    assert finance.post(address, told).status_code == 302
    assert (words_of("denial").version, words_of("denial").written_by) == (1, cast.finance.email)
    with pytest.raises(LetterRefused, match="version 1 was written meanwhile"):
        save_words(kind=LetterKind.DENIAL, version=0, subject="x", body="y")
    assert fill("{words} {unknown}", {"words": "{dispute}"}) == "{dispute} {unknown}", "what people type is no template"


MANY_INVOICES = """
INSERT INTO orders_invoice (id, kind, number, account_id, issued_on, due_on, total, tax, currency, canonical, erp,
    erp_id, erp_version, correlation_id, recorded_at)
SELECT gen_random_uuid(), 'invoice', 'G-' || n, %s, current_date - n %% 700, current_date - n %% 700 + 30, 10, 0, 'USD',
    '{}', 'default', 'g:' || n, '1', gen_random_uuid(), now() FROM generate_series(1, 20000) AS n
"""


def queries(client: Client, address: str) -> tuple[int, str]:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    said = " ".join(query["sql"] for query in found.captured_queries)
    return len(found), said


def test_twenty_thousand_invoices_cost_no_more_queries_and_are_never_counted(
    cast: Cast, finance: Client, invoice: Invoice
) -> None:
    addresses = ("/admin/orders/invoice/", "/admin/orders/invoice/?q=INV-1", f"{LIST}", f"{LIST}report/", "/admin/")
    few = [queries(finance, address)[0] for address in addresses]
    with connection.cursor() as cursor:
        cursor.execute(MANY_INVOICES, [cast.harbor.pk])
    for address, before in zip(addresses, few, strict=True):
        count, said = queries(finance, address)
        assert count <= before, address
        assert 'COUNT(*) AS "__count" FROM "orders_invoice"' not in said, address
