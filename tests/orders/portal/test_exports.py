"""Files of many documents: of what was chosen and nothing else, for their asker, for a day."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.events.models import Job
from distportal.events.retention import remove_old, retentions
from distportal.events.sweeper import work_until_idle
from orders.choices import ExportKind
from orders.errors import ExportRefused
from orders.models import Dispute, Export, Invoice
from orders.process import exports
from orders.process.exports import choose_documents, make_export, request_file
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice, unsaved_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(cast: Cast) -> None:
    for n in range(1, 4):
        an_invoice(cast.harbor, f"I{n}", "10")
    an_invoice(cast.stranger.memberships.get().account, "THEIRS", "10")


def choose(client: Client, *picks: str, **more: str) -> Export:
    client.post("/invoice-files/choose/", {"pick": picks, **more})
    return Export.objects.latest("chosen_at")


def names(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_ticks_become_a_zip_a_paper_or_a_table_at_once(cast: Cast, books: None) -> None:
    buyer = signed_in(cast.buyer)
    export = choose(buyer, "I1", "I3", kind="zip")
    assert export.state == "ready"
    got = buyer.get(f"/invoice-files/{export.pk}/file/")
    assert names(got.content) == ["I3_2026-11-25.pdf", "I1_2026-11-25.pdf"]
    assert all(
        b.startswith(b"%PDF-") for b in (zipfile.ZipFile(io.BytesIO(got.content)).read(n) for n in names(got.content))
    )
    merged = buyer.get(f"/invoice-files/{choose(buyer, 'I1', 'I3', kind='pdf').pk}/file/").content
    assert (merged[:5], merged.count(b"/Type /Page\n")) == (b"%PDF-", 2)
    table = buyer.get(f"/invoice-files/{choose(buyer, 'I1', kind='csv').pk}/file/").content.decode()
    assert [row.split(",")[0] for row in table.splitlines()] == ["number", "I1"]


def test_the_one_that_is_ticked_can_be_disputed(cast: Cast, books: None) -> None:
    buyer = signed_in(cast.buyer)
    page = main_of(buyer.get("/invoices/").content.decode())
    assert '<button class="btn small" name="dispute" value="1">' in page
    gone = buyer.post("/invoice-files/choose/", {"pick": ["I2"], "dispute": "1"})
    assert gone.headers["Location"] == "/invoices/I2/dispute/"
    assert not Export.objects.exists(), "nothing is made of it"


@pytest.mark.parametrize(
    ("picks", "told"),
    [
        (["I1", "I3"], "A dispute is about one invoice, and 2 are ticked: leave one tick. Nothing was opened."),
        ([], "No invoice is ticked: tick the one that is wrong. Nothing was opened."),
    ],
)
def test_several_and_none_are_told_and_the_list_is_as_it_was(
    cast: Cast, books: None, picks: list[str], told: str
) -> None:
    buyer = signed_in(cast.buyer)
    answer = buyer.post(
        "/invoice-files/choose/", {"pick": picks, "dispute": "1", "view": "open", "q": "I"}, follow=True
    )
    assert answer.redirect_chain[0][0].startswith("/invoices/?")
    page = answer.content.decode()
    assert told in page
    ticked = re.findall(r'name="pick" value="(\w+)"[^>]*checked', main_of(page))
    assert (sorted(ticked), answer.context["wanted"].tab, answer.context["wanted"].text) == (picks, "open", "I")
    assert not Dispute.objects.exists()


def test_who_may_not_dispute_has_no_button_and_strangers_invoices_are_not_there(cast: Cast, books: None) -> None:
    Membership.objects.filter(user=cast.colleague).update(role=Role.VIEWER)
    assert 'name="dispute"' not in main_of(signed_in(cast.colleague).get("/invoices/").content.decode())
    assert 'name="dispute"' not in main_of(signed_in(cast.finance).get("/invoices/").content.decode())
    gone = signed_in(cast.buyer).post("/invoice-files/choose/", {"pick": ["THEIRS"], "dispute": "1"})
    assert gone.status_code == 404


def test_a_strangers_document_is_never_in_it(cast: Cast, books: None) -> None:
    buyer = signed_in(cast.buyer)
    export = choose(buyer, "I1", "THEIRS", kind="zip")
    assert names(bytes(export.content or b"")) == ["I1_2026-11-25.pdf"]
    before = Export.objects.count()
    page = buyer.post("/invoice-files/choose/", {"pick": ["THEIRS"], "kind": "zip"}, follow=True).content.decode()
    assert "No document was chosen" in page
    assert Export.objects.count() == before


def test_the_file_is_its_askers_alone_and_goes(cast: Cast, books: None) -> None:
    export = choose(signed_in(cast.buyer), "I1", kind="zip")
    for other in (cast.colleague, cast.stranger, cast.finance):
        client = signed_in(other)
        for address in (f"/invoice-files/{export.pk}/", f"/invoice-files/{export.pk}/file/"):
            assert client.get(address).status_code == 404
        assert client.post(f"/invoice-files/{export.pk}/make/", {"kind": "zip"}).status_code == 404
        assert export.name not in client.get("/invoice-files/").content.decode()
    buyer = signed_in(cast.buyer)
    assert export.name in buyer.get("/invoice-files/").content.decode()
    Export.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert buyer.get(f"/invoice-files/{export.pk}/file/").status_code == 404
    assert "The file is gone" in buyer.get(f"/invoice-files/{export.pk}/").content.decode()
    Export.objects.update(chosen_at=timezone.now() - dt.timedelta(days=3))
    remove_old(next(one for one in retentions() if one.name == "exports"))
    assert not Export.objects.exists()


def test_a_big_choice_is_made_by_a_job_and_only_once(cast: Cast, books: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    buyer = signed_in(cast.buyer)
    export = choose(buyer, all="1", view="all")
    assert (export.state, len(export.invoice_ids)) == ("chosen", 3)
    buyer.post(f"/invoice-files/{export.pk}/make/", {"kind": "pdf"})
    buyer.post(f"/invoice-files/{export.pk}/make/", {"kind": "pdf"})
    assert "It is being made" in buyer.get(f"/invoice-files/{export.pk}/").content.decode()
    assert buyer.get(f"/invoice-files/{export.pk}/file/").status_code == 404
    assert Job.objects.filter(kind="orders.make_export").count() == 1
    work_until_idle()
    export.refresh_from_db()
    made = export.ready_at
    make_export(export_id=export.pk)
    export.refresh_from_db()
    assert (export.state, export.ready_at, bytes(export.content or b"")[:5]) == ("ready", made, b"%PDF-")
    told = buyer.post(f"/invoice-files/{export.pk}/make/", {"kind": "csv"}, follow=True).content.decode()
    assert "choose them again" in told


def test_too_many_and_nonsense_are_refused(cast: Cast, books: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 2)
    rows = Invoice.objects.filter(account=cast.harbor)
    with pytest.raises(ExportRefused, match="more than 2 documents"):
        choose_documents(rows=rows, account=cast.harbor, user=cast.buyer)
    buyer = signed_in(cast.buyer)
    export = choose(buyer, "I1", kind="exe")
    assert export.state == "chosen"


def test_a_thousand_are_chosen_and_the_table_reads_them_in_parts(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    Invoice.objects.bulk_create(unsaved_invoice(cast.harbor, f"N{n}", Decimal(10)) for n in range(1_000))
    export = choose(signed_in(cast.buyer), all="1")
    with django_assert_max_num_queries(5 * 4 + 12):  # type: ignore[operator]
        request_file(export_id=export.pk, user=cast.buyer, kind=ExportKind.CSV)
        make_export(export_id=export.pk)
    export.refresh_from_db()
    assert bytes(export.content or b"").count(b"\n") == 1_001


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_file(cast: Cast, books: None) -> None:
    export = choose(signed_in(cast.buyer), all="1")

    def make() -> bytes:
        return bytes(request_file(export_id=export.pk, user=cast.buyer, kind=ExportKind.ZIP).content or b"")

    made = at_once(make, make, make)
    assert len({names(one)[0] for one in made if one}) == 1
    assert Export.objects.get().state == "ready"
