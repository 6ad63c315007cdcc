"""Finance's lists: found by indexes, filtered without huge selects, told as CSV, and nothing to delete."""

from __future__ import annotations

import csv
import io
import types
import uuid
from decimal import Decimal

import pghistory
import pytest
from django.contrib import admin
from django.core import mail
from django.db import connection
from django.db.models import Model
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.accounts.choices import AccountKind
from distportal.accounts.models import Account, User
from distportal.events.sweeper import work_until_idle
from distportal.notices.models import Mail
from orders.choices import DisputeReason
from orders.models import (
    ApprovalLimit,
    Dispute,
    Invoice,
    InvoiceFinding,
    InvoiceTolerance,
    LetterTemplate,
    Order,
    Remittance,
    Return,
)
from orders.process.dispute_deciding import reject_dispute
from orders.process.dispute_proving import add_evidence
from orders.process.dispute_work import withdraw_dispute
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.disputes.conftest import Opens
from tests.orders.money import an_invoice, line, pay

pytestmark = pytest.mark.django_db
ORDERS = "/admin/orders/"
LISTS: tuple[type[Model], ...] = (Order, Invoice, Dispute, InvoiceFinding, Remittance, Return)


@pytest.fixture
def finance(cast: Cast) -> Client:
    return signed_in(cast.finance)


def shown(client: Client, address: str, *rows: object) -> list[bool]:
    answer = client.get(f"{ORDERS}{address}")
    assert answer.status_code == 200, address
    return [f">{row}<" in answer.content.decode() for row in rows]


def lines_of(client: Client, address: str) -> list[list[str]]:
    answer = client.get(f"{ORDERS}{address}")
    assert isinstance(answer, StreamingHttpResponse)
    assert isinstance(answer.streaming_content, (types.GeneratorType, map, zip)), "never whole in memory"
    assert "no-store" in answer.headers["Cache-Control"]
    return list(csv.reader(io.StringIO(b"".join(answer).decode())))  # type: ignore[arg-type]


def test_search_finds_by_numbers_and_accounts(cast: Cast, finance: Client, invoice: Invoice, opens: Opens) -> None:
    row = opens("30")
    an_invoice(cast.stranger.memberships.get().account, "X-9", "10")
    pay(cast.harbor, line("INV-1", "130"), trace="WIRE-7")
    for text in (f"D-{row.number}", str(row.number), "inv-1", "HARBOR", "arbor hard"):
        assert shown(finance, f"dispute/?q={text}", row) == [True], text
    for text in ("D-1", "X-9", "nobody of this name"):
        assert shown(finance, f"dispute/?q={text}", row) == [False], text
    for text, found in (("wire", True), ("INV-1", True), ("harbor", True), ("X-9", False)):
        assert shown(finance, f"remittance/?q={text}", "WIRE-7") == [found], text
    assert shown(finance, "invoice/?q=x-", "X-9", "INV-1") == [True, False]
    assert shown(finance, "return/?q=RMA-1") == shown(finance, "order/?q=SO-1") == []


def test_lists_are_filtered_by_account_without_a_select_of_all(cast: Cast, finance: Client, opens: Opens) -> None:
    Account.objects.bulk_create(Account(code=f"A{n}", name=f"Company {n}", kind=AccountKind.DEALER) for n in range(300))
    row, stranger = opens("30"), cast.stranger.memberships.get().account
    for model in LISTS:
        page = finance.get(f"{ORDERS}{model._meta.model_name}/").content.decode()
        assert page.count("<option") < 60, model
        assert "/admin/autocomplete/" in page, model
    assert shown(finance, f"dispute/?account__id__exact={cast.harbor.pk}", row) == [True]
    assert shown(finance, f"dispute/?account__id__exact={stranger.pk}", row) == [False]
    assert shown(finance, "dispute/?owner=nobody", row) == [True]
    assert shown(finance, f"dispute/?owner={cast.finance.email}", row) == [False]
    asked = "/admin/autocomplete/?app_label=orders&model_name=dispute&field_name=account&term=harb"
    assert [one["text"] for one in finance.get(asked).json()["results"]] == [str(cast.harbor)]
    assert signed_in(cast.buyer).get(asked).status_code in (302, 403)
    assert finance.post(f"/admin/accounts/account/{cast.harbor.pk}/change/", {"name": "Mine"}).status_code == 403


def test_a_list_is_told_as_csv_with_its_filters_and_harmless_to_a_spreadsheet(
    cast: Cast, finance: Client, opens: Opens
) -> None:
    row, gone = opens("30"), opens("40")
    Dispute.objects.filter(pk=row.pk).update(note="=HYPERLINK(1)", opened_name="@sum")
    withdraw_dispute(dispute_id=gone.pk, reason="paid")
    heading, first, *rest = lines_of(finance, "dispute/list.csv?status__exact=submitted")
    told = dict(zip(heading, first, strict=True))
    assert (told["dispute"], told["claimed"], told["note"], told["opened_name"], rest) == (
        str(row), "30.00", "'=HYPERLINK(1)", "'@sum", [],
    )  # fmt: skip
    assert len(lines_of(finance, "dispute/list.csv")) == 3
    assert lines_of(finance, "invoice/list.csv?q=INV-1")[1][0] == "INV-1"
    assert len(lines_of(finance, "remittance/list.csv")) == len(lines_of(finance, "invoicefinding/list.csv")) == 1
    for person in (cast.buyer, cast.agent):
        assert signed_in(person).get(f"{ORDERS}dispute/list.csv").status_code in (302, 403)


def test_nobody_deletes_what_finance_goes_by(cast: Cast) -> None:
    request = RequestFactory().get("/admin/")
    request.user = User.objects.create_superuser("root@northline.example", "a-long-password-1", name="Root")
    for model in (*LISTS, ApprovalLimit, InvoiceTolerance, LetterTemplate):
        known = admin.site._registry[model]
        assert not known.has_delete_permission(request), model
        assert "delete_selected" not in known.get_actions(request), model


def test_history_says_who_on_whose_behalf_and_why(cast: Cast, finance: Client, opens: Opens) -> None:
    row = opens("10", reason=DisputeReason.DUPLICATE)
    # As the middleware writes it while one of our people takes a dealer's part: tests/complaints/test_12 holds that.
    told = {"actor": cast.agent.email, "on_behalf_of": cast.buyer.email, "reason": "told us by phone"}
    with pghistory.context(**told):
        add_evidence(dispute_id=row.pk, item="other_invoice", reference="said:1", words="INV-9", actor="Ana Reyes")
    reject_dispute(dispute_id=row.pk, reason="both were delivered", user=cast.finance)
    page = finance.get(f"{ORDERS}dispute/{row.pk}/history/").content.decode()
    assert "agent@northline.example on behalf of buyer@harbor.example" in page
    assert "Why: told us by phone" in page
    assert "<b>Evidence ready</b>: no → yes" in page
    assert "Why: both were delivered" in page
    assert "<b>Status</b>: Submitted → Rejected" in page
    assert signed_in(cast.agent).get(f"{ORDERS}dispute/{row.pk}/history/").status_code in (302, 403)


def test_a_letter_goes_with_its_mail_as_the_pdf_that_is_kept(cast: Cast, opens: Opens) -> None:
    row = reject_dispute(dispute_id=opens("10").pk, reason="as contracted", user=cast.finance)
    work_until_idle()
    letter = row.letters.get()
    [sent] = [one for one in mail.outbox if one.subject == letter.subject]
    assert sent.to == ["accounts@harbor.example"]
    name, content, kind = sent.attachments[0]
    assert (name, kind) == (f"{row}_denial_{timezone.localdate(letter.written_at)}.pdf", "application/pdf")
    assert content == bytes(letter.pdf)
    assert Mail.objects.get(kind="dispute.letter").state == "sent"


def test_sent_letters_are_a_list_that_says_which_did_not_arrive(cast: Cast, finance: Client, opens: Opens) -> None:
    first, second = (
        reject_dispute(dispute_id=opens(claim).pk, reason="no", user=cast.finance) for claim in ("10", "5")
    )
    work_until_idle()
    letter = first.letters.get()
    letter.mails.update(state="failed", error="550 no such mailbox")
    lists = f"{ORDERS}disputeletter/"
    page = finance.get(lists).content.decode()
    assert [f">{row}</a>" in page for row in (first, second)] == [True, True]
    refused = finance.get(f"{lists}?mail=refused").content.decode()
    assert [f">{row}</a>" in refused for row in (first, second)] == [True, False]
    assert [shown(finance, f"disputeletter/?q={text}", first) for text in (str(first), "HARBOR", "nobody")] == [
        [True], [True], [False],
    ]  # fmt: skip
    one = finance.get(f"{lists}{letter.pk}/change/").content.decode()
    assert "accounts@harbor.example (refused) 550 no such mailbox" in one
    assert "(&#x27;refused&#x27;" not in one
    assert len(lines_of(finance, "disputeletter/list.csv")) == 3
    assert signed_in(cast.agent).get(lists).status_code == 403
    assert finance.post(f"{lists}{letter.pk}/delete/").status_code == 403


def test_the_report_has_days_outstanding_owners_and_who_won(cast: Cast, finance: Client, opens: Opens) -> None:
    waiting, lost = opens("60"), opens("0", "60")
    Dispute.objects.filter(pk=waiting.pk).update(processor=cast.finance, responsible=cast.finance2)
    reject_dispute(dispute_id=lost.pk, reason="no", user=cast.finance)
    rows = {(one[0], one[1]): one for one in lines_of(finance, "dispute/report.csv")}
    assert rows["Open by processor", cast.finance.email][3] == "60.00"
    assert rows["Open by person responsible", cast.finance2.email][3] == "60.00"
    assert rows["Open by cause", "not said yet"][2:4] == ["1", "60.00"]
    assert rows["Days outstanding", ""][3] == "45.0", "60 of 120 that came in 90 days"
    assert rows["Denied of the disputes decided in 90 days, per cent", ""][3] == "100"
    assert Decimal(rows["Open", "all"][3]) == 60


def test_a_row_opens_to_its_lines_and_fifty_closed_ones_read_none(
    cast: Cast, finance: Client, invoice: Invoice, opens: Opens
) -> None:
    row = opens("30", "10")
    for address, pk, words in (("invoice", invoice.pk, "100.00"), ("dispute", row.pk, "30.00")):
        lines = f"{ORDERS}{address}/{pk}/lines/"
        with CaptureQueriesContext(connection) as ran:
            page = finance.get(f"{ORDERS}{address}/").content.decode()
        assert f'hx-get="{lines}"' in page
        assert not [one for one in ran.captured_queries if f'FROM "orders_{address}line"' in one["sql"]]
        assert words in finance.get(lines).content.decode()
        assert finance.get(f"{ORDERS}{address}/{uuid.uuid4()}/lines/").status_code == 404
        for person in (cast.buyer, cast.agent):
            assert signed_in(person).get(lines).status_code in (302, 403)
