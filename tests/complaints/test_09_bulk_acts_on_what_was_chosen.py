"""Complaint 9: a bulk action hit everything instead of the filter (portal.md, section 4, number 25).

Ticks, or what a filter showed when it was chosen, are frozen; what comes later or was not chosen is not touched.
"""

from __future__ import annotations

import io
import zipfile

import pytest

from exceptions.models import BulkRun, Case
from exceptions.process.bulk.running import work_run
from exceptions.process.bulk.undoing import undo_run
from exceptions.process.cases import open_case
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


def held(subject: str, cast: Cast) -> Case:
    return open_case(
        kind="order.duplicate_po", code="x", subject_type="order", subject_id=subject, sentence="x", account=cast.harbor
    )


def test_on_the_desk_too_a_filter_is_frozen_counted_and_shown_and_the_act_is_taken_back(cast: Cast) -> None:
    first, second = held("1", cast), held("2", cast)
    other = open_case(kind="dead.job", code="x", subject_type="job", subject_id="1", sentence="x")
    agent = signed_in(cast.agent)
    wanted = {"action": "claim", "all": "1", "view": "open", "account": "HARBOR"}
    page = agent.post("/desk/many/choose/", wanted, follow=True).content.decode()
    assert "Take them: 2 cases" in page
    assert "account HARBOR" in page
    assert all(str(case) in page for case in (first, second))
    assert not Case.objects.exclude(owner=None).exists(), "nothing was done before the second step"
    late, run = held("3", cast), BulkRun.objects.get()
    agent.post(f"/desk/many/{run.pk}/run/")
    work_run(run_id=run.pk)
    owned = set(Case.objects.filter(owner=cast.agent))
    assert owned == {first, second}
    assert not {other, late} & owned
    undo_run(run_id=run.pk)
    assert not Case.objects.exclude(owner=None).exists()
