"""Two ERPs laid side by side: numbers, rows, pages, CSV; what is empty, huge, and nobody's business."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from distportal.accounts.models import User
from distportal.canonical.base import plain
from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_until_idle
from distportal.systems.erp.port import Change
from distportal.systems.models import ErpConnection, ErpSwitch
from distportal.systems.ownership import DEFAULT
from exceptions.models import Case
from inventory.models import ErpComparison, ErpDifference, ErpFact
from inventory.process import comparing
from inventory.process.comparing import compare_erps
from inventory.process.facts import keep_facts
from inventory.queries.facts import differing
from tests.clients import signed_in
from tests.conftest import Cast
from tests.two_erps.conftest import SKU, Two

pytestmark = pytest.mark.django_db


def operator() -> User:
    return User.objects.get(email="operator@northline.example")


def test_both_are_read_whole_and_what_differs_has_a_row_with_both_times(cast: Cast, two: Two) -> None:
    row = compare_erps(right="new", asked_by="Olga")
    assert (row.state, row.checked["item"], row.checked["stock"]) == ("done", 200, 600)
    assert set(row.differences) == {"item", "price", "stock"}, "customers are the same in both"
    assert set(row.differences["item"]) == {"list_price"}
    assert row.differing == sum(sum(codes.values()) for codes in row.differences.values()) == row.rows.count()
    one = row.rows.filter(kind="item", code="list_price")[0]
    both = [ErpFact.objects.get(connection=c, kind="item", sku=one.subject) for c in ("default", "new")]
    assert [one.left_value, one.right_value] == [plain(Decimal(fact.payload["list_price"])) for fact in both]
    assert [one.left_as_of, one.right_as_of] == [fact.occurred_at for fact in both]
    assert one.owner == "default"
    [case] = Case.objects.filter(kind="erp.two_differ")
    assert case.sentence.startswith(f"ERP default and ERP new differ in {row.differing} places: ")
    again = compare_erps(right="new")
    assert again.differences == row.differences
    assert Case.objects.filter(kind="erp.two_differ").count() == 1


def test_what_only_one_has_is_one_difference_and_is_gone_when_it_is(cast: Cast, two: Two) -> None:
    gone = ErpFact.objects.get(connection="new", kind="item", sku=SKU)
    compare_erps(right="new")
    keep_facts([change("NEW-ONLY", "1.0000", "A")], of="new")
    row = comparing._lay_side_by_side(ErpComparison.objects.create(left=DEFAULT, right="new"))
    [only] = row.rows.filter(code="exists")
    assert (only.kind, only.subject, only.left_value, only.right_value) == ("item", "NEW-ONLY", "missing", "there")
    assert compare_erps(right="new").rows.filter(code="exists").count() == 0, "the snapshot does not show it"
    gone.refresh_from_db()
    assert not gone.deleted


def test_the_erp_that_does_not_answer_leaves_the_comparison_before(cast: Cast, two: Two) -> None:
    first = compare_erps(right="new")
    two.new.stop()
    try:
        with pytest.raises(RetryLater):
            compare_erps(right="new")
    finally:
        two.new.start()
    assert ErpComparison.objects.first().state == "failed"  # type: ignore[union-attr]
    assert first.rows.exists()
    assert ErpFact.objects.filter(connection="new", kind="item", deleted=False).count() == 200


def test_nothing_to_compare_is_no_failure(cast: Cast, two: Two) -> None:
    ErpConnection.objects.update(side_by_side=False)
    out = io.StringIO()
    call_command("compare_erps", stdout=out)
    assert out.getvalue() == ""
    assert "There is one ERP" in signed_in(operator()).get(reverse("two_erps")).content.decode()
    row = comparing._lay_side_by_side(ErpComparison.objects.create(left="nobody", right="neither"))
    assert (row.differing, row.differences, row.checked["item"]) == (0, {}, 0)
    assert not Case.objects.filter(subject_id="nobody/neither").exists()


def test_the_button_the_list_the_drill_down_and_the_csv(cast: Cast, two: Two) -> None:
    client = signed_in(operator())
    client.post(reverse("two_erps_compare"))
    work_until_idle()
    row = ErpComparison.objects.get()
    assert row.asked_by == "operator@northline.example"
    page = client.get(reverse("two_erps")).content.decode()
    assert "New ERP" in page
    sku = row.rows.filter(kind="item", subject__startswith="FST-")[0].subject
    listed = client.get(reverse("two_erps_differences", args=[row.pk]), {"kind": "item", "q": sku}).content.decode()
    assert sku in listed
    assert "ELE-" not in listed
    thing = client.get(reverse("two_erps_thing", args=[row.pk]), {"kind": "item", "subject": sku}).content.decode()
    assert "list price" in thing
    assert client.get(reverse("two_erps_thing", args=[row.pk]), {"kind": "item", "subject": "X"}).status_code == 404
    ErpDifference.objects.filter(kind="item", subject=sku).update(left_value="=1+1", right_value="-3.5")
    answer = client.get(reverse("two_erps_export", args=[row.pk]), {"kind": "item"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[arg-type]
    assert len(rows) == row.differences["item"]["list_price"] + 1
    mine = next(r for r in rows if r[1] == sku)
    assert (mine[3], mine[5]) == ("'=1+1", "-3.5"), "no spreadsheet takes a text for a formula"


def test_a_switch_is_planned_on_the_page_with_a_preview_and_a_name(cast: Cast, two: Two) -> None:
    client = signed_in(operator())
    form = {"kind": "account", "keys": "HARBOR, SUMMIT", "to": "new", "due": "", "reason": "wave 2"}
    shown = client.post(reverse("two_erps_plan"), form).content.decode()
    assert "Move 2 accounts to New ERP" in shown
    assert "Open orders that stay behind" in shown
    assert not ErpSwitch.objects.exists()
    bad = client.post(reverse("two_erps_plan"), {**form, "keys": "NOBODY"}).content.decode()
    assert "We know no account NOBODY" in bad
    assert "Plan the switch" not in bad
    answer = client.post(reverse("two_erps_plan"), {**form, "name": "Olga Operator"}, follow=True)
    row = ErpSwitch.objects.get()
    assert row.planned_by == "Olga Operator (operator@northline.example)"
    assert "HARBOR" in answer.content.decode()
    client.post(reverse("two_erps_cancel", args=[row.pk]), {"reason": "not yet"})
    row.refresh_from_db()
    assert (row.state, row.end_reason) == ("cancelled", "not yet")
    said = client.get(reverse("two_erps"), {"kind": "account", "key": "HARBOR"}).content.decode()
    assert "nobody moved it" in said


def test_nobody_else_sees_or_moves_anything(cast: Cast, two: Two) -> None:
    row = compare_erps(right="new")
    for user in (cast.buyer, cast.stranger, cast.agent, cast.finance):
        client = signed_in(user)
        for name, args in (("two_erps", []), ("two_erps_differences", [row.pk]), ("two_erps_export", [row.pk])):
            assert client.get(reverse(name, args=args)).status_code in (403, 404), (user, name)
        form = {"kind": "account", "keys": "HARBOR", "to": "new", "due": "", "reason": "x", "name": "x"}
        for name in ("two_erps_plan", "two_erps_compare", "erp_same", "erp_anew"):
            assert client.post(reverse(name), form).status_code in (403, 404), (user, name)
    assert not ErpSwitch.objects.exists()


def change(sku: str, price: str, version: str) -> Change:
    return Change(
        kind="item", erp_id=sku, version=version, occurred_at=dt.datetime(2026, 11, 25, tzinfo=dt.UTC),
        payload={"sku": sku, "status": "active", "list_price": price, "name": f"Item {sku}"},
    )  # fmt: skip


def test_forty_thousand_items_are_compared_in_bounded_memory(db: None) -> None:
    def pieces(price: str) -> Iterator[list[Change]]:
        for start in range(0, 40_000, 20_000):
            yield [change(f"HUGE-{n:06}", price if n % 100 == 0 else "1.00", "1") for n in range(start, start + 20_000)]

    for name, price in (("a", "1.00"), ("b", "2.00")):
        for piece in pieces(price):
            keep_facts(piece, of=name)
    tracemalloc.start()
    row = comparing._lay_side_by_side(ErpComparison.objects.create(left="a", right="b"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert row.differences == {"item": {"list_price": 400}}
    assert row.checked["item"] == 40_000
    assert peak < 2_000_000, f"{peak / 1e6:.1f} MB of Python for a comparison that the database makes"
    assert differing(left="a", right="b", kind="item", about="item", keys=["HUGE-000100", "HUGE-000101"]) == 1
