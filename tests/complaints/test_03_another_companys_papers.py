"""Complaint 3: a dealer got another company's papers (portal.md, section 4, number 15).

Whatever way papers are asked for, by number, in a heap, as a statement or by search, they are the asker's own.
"""

from __future__ import annotations

from typing import Any

import pytest

from orders.models import Export
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice

pytestmark = pytest.mark.django_db


def test_a_foreign_invoice_has_no_page_and_no_pdf(cast: Cast) -> None:
    an_invoice(cast.harbor, "OURS-1", "10")
    for who, status in ((cast.colleague, 200), (cast.stranger, 404)):
        for address in ("/invoices/OURS-1/", "/invoices/OURS-1/pdf/"):
            answer = signed_in(who).get(address)
            assert answer.status_code == status, address
            told = answer.headers.get("Cache-Control", "")
            assert "public" not in told, address
            assert status == 404 or "private" in told or "Cookie" in answer.headers["Vary"], (
                f"{address}: for all caches"
            )


def test_a_heap_with_a_foreign_number_in_it_holds_only_own_papers(cast: Cast) -> None:
    an_invoice(cast.harbor, "OURS-1", "10")
    own = an_invoice(cast.stranger.memberships.get().account, "THEIRS-1", "20")
    stranger = signed_in(cast.stranger)
    stranger.post("/invoice-files/choose/", {"pick": ["OURS-1", "THEIRS-1"], "kind": "zip"})
    assert Export.objects.get().invoice_ids == [own.pk]
    stranger.post("/invoice-files/choose/", {"pick": ["OURS-1"], "kind": "zip"})
    assert Export.objects.count() == 1


def test_a_colleagues_file_is_not_handed_to_a_stranger(cast: Cast) -> None:
    an_invoice(cast.harbor, "OURS-1", "10")
    signed_in(cast.buyer).post("/invoice-files/choose/", {"pick": ["OURS-1"], "kind": "zip"})
    export = Export.objects.get()
    for address in (f"/invoice-files/{export.pk}/", f"/invoice-files/{export.pk}/file/"):
        assert signed_in(cast.buyer).get(address).status_code == 200
        assert signed_in(cast.stranger).get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/invoices/?view=all&q=OURS", "/invoices.csv?view=all", "/statement/", "/statement.csv"]
)
def test_lists_and_statements_name_no_foreign_paper(cast: Cast, address: str) -> None:
    an_invoice(cast.harbor, "OURS-1", "10")

    assert b"OURS-1" in told(signed_in(cast.buyer).get(address))
    assert b"OURS-1" not in told(signed_in(cast.stranger).get(address)).replace(b'value="OURS"', b"")


def told(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else bytes(answer.content)
