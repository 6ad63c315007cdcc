"""Complaint 13: there was no statement with ageing in the portal, and invoices could only be fetched one by one.

(portal.md, section 4, numbers 17 and 18.)
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.utils import timezone

from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice

pytestmark = pytest.mark.django_db


def test_a_statement_with_ages_as_page_paper_and_table(cast: Cast) -> None:
    today = timezone.localdate()
    an_invoice(cast.harbor, "OLD", "70", issued_on=today - dt.timedelta(days=75), due_on=today - dt.timedelta(days=45))
    an_invoice(cast.harbor, "NEW", "30", issued_on=today, due_on=today + dt.timedelta(days=30))
    buyer = signed_in(cast.buyer)
    page = buyer.get(f"/statement/?as_of={today}&since={today - dt.timedelta(days=30)}").content.decode()
    for text in ("Opening balance", "$70.00", "Closing balance", "$100.00", "31–60 days overdue", "Not due yet"):
        assert text in page, text
    assert buyer.get("/statement.pdf").content.startswith(b"%PDF-")
    assert "Closing balance" in b"".join(buyer.get("/statement.csv").streaming_content).decode()  # type: ignore[attr-defined]


def test_many_invoices_come_in_one_file_named_by_number_and_date(cast: Cast) -> None:
    today = timezone.localdate()
    for n in range(3):
        an_invoice(cast.harbor, f"I{n}", "10", issued_on=today)
    buyer = signed_in(cast.buyer)
    went = buyer.post("/invoice-files/choose/", {"pick": ["I0", "I1", "I2"], "kind": "zip"})
    got = buyer.get(f"{went.headers['Location']}file/").content
    assert zipfile.ZipFile(io.BytesIO(got)).namelist() == [f"I{n}_{today}.pdf" for n in (2, 1, 0)]
