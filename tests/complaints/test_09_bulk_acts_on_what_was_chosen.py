"""Complaint 9: a bulk action hit everything instead of the filter (portal.md, section 4, number 25).

Ticks, or what a filter showed when it was chosen, are frozen; what comes later or was not chosen is not touched.
"""

from __future__ import annotations

import io
import zipfile

import pytest

from orders.models import Export
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice, line, pay

pytestmark = pytest.mark.django_db


def numbers(export: Export) -> set[str]:
    export.refresh_from_db()
    names = zipfile.ZipFile(io.BytesIO(bytes(export.content or b""))).namelist()
    return {name.partition("_")[0] for name in names}


def test_ticks_with_a_filter_beside_them_are_only_the_ticks(cast: Cast) -> None:
    for n in range(1, 6):
        an_invoice(cast.harbor, f"I{n}", "10")
    signed_in(cast.buyer).post("/invoice-files/choose/", {"pick": ["I2", "I4"], "view": "all", "kind": "zip"})
    assert numbers(Export.objects.get()) == {"I2", "I4"}


def test_nothing_ticked_is_nothing_and_not_everything(cast: Cast) -> None:
    an_invoice(cast.harbor, "I1", "10")
    page = signed_in(cast.buyer).post("/invoice-files/choose/", {"view": "all", "kind": "zip"}, follow=True)
    assert "No document was chosen" in page.content.decode()
    assert not Export.objects.exists()


def test_all_that_match_is_a_second_step_with_count_and_sample_and_stays_what_it_was(cast: Cast) -> None:
    buyer = signed_in(cast.buyer)
    for n in range(1, 4):
        an_invoice(cast.harbor, f"I{n}", "10")
    pay(cast.harbor, line("I3", "10"))
    page = buyer.post("/invoice-files/choose/", {"all": "1", "view": "open", "q": "I"}, follow=True)
    export = Export.objects.get()
    text = page.content.decode()
    assert "2 documents chosen" in text
    assert "Open, “I”" in text
    assert export.content is None, "nothing was made before the second step"
    an_invoice(cast.harbor, "I9", "10")
    pay(cast.harbor, line("I1", "10"))
    buyer.post(f"/invoice-files/{export.pk}/make/", {"kind": "zip"})
    assert numbers(export) == {"I1", "I2"}
