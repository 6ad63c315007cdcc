"""Where it was agreed, an order that two ERPs have to have becomes two by itself, once, whatever happens meanwhile."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import pytest

from distportal.accounts.models import Account
from distportal.events.models import Job, OutboxEvent
from distportal.events.sweeper import work_lane
from exceptions.models import Case
from inventory.models import Reservation, StockLevel
from orders.errors import NothingToCorrect, StaleVersion
from orders.models import Draft, Order
from orders.process import erp_split
from orders.process.corrections import correct_order
from orders.process.erp_split import split_by_policy, split_order
from orders.process.evaluation import evaluate_order
from orders.process.foreseeing import button_words, foreseen_of
from orders.process.intake import place_order
from orders.process.submitting import orders_of
from tests.at_once import at_once
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.orders.changes.conftest import ask, cancellation
from tests.sandbox import SandboxProcess
from tests.two_erps.apart import set_apart, splits_by_itself
from tests.two_erps.conftest import OTHER, SKU, Two

pytestmark = pytest.mark.django_db
WHOLE = ["1", "2"]


@pytest.fixture
def apart(synced: SandboxProcess) -> None:
    """No ERP has both items."""
    set_apart()


def place(*lines: tuple[str, str], ship_to: str = "HARBOR-01", key: str = "") -> Order:
    """Placed, and nothing that follows from it done."""
    wanted = tuple((sku, quantity, "EA", None) for sku, quantity in lines or ((OTHER, "1"), (SKU, "2")))
    canonical = asked(*wanted, po=f"PO-{uuid.uuid4().hex[:8]}", ship_to=ship_to)
    return place_order(order=canonical, source_key=key or f"test:{uuid.uuid4()}").order


def work() -> None:
    """What is to be split is split; nothing is sent to an ERP."""
    while work_lane("orders"):
        pass


def of_po(order: Order) -> list[tuple[str, str, list[str]]]:
    """Status, ERP and line numbers of the orders of the PO."""
    rows = Order.objects.filter(po_number=order.po_number).order_by("number")
    return [(row.status, row.erp, list(row.lines.values_list("line_no", flat=True))) for row in rows]


SPLIT = [("accepted", "default", ["1"]), ("accepted", "new", ["2"])]


def told(order: Order) -> list[str]:
    rows = OutboxEvent.objects.filter(correlation_id=order.correlation_id, aggregate_type="order")
    return list(rows.values_list("type", flat=True))


def test_without_a_policy_or_with_another_accounts_a_person_decides(apart: None) -> None:
    splits_by_itself("SUMMIT")
    order = place()
    work()
    assert of_po(order) == [("held", "", WHOLE)]
    assert Case.objects.filter(subject_id=str(order.pk), code="held").count() == 1
    assert "order.split" not in told(order)


def test_with_it_there_are_two_orders_and_nobody_is_asked(apart: None) -> None:
    splits_by_itself()
    canonical = asked((OTHER, "1", "EA", None), (SKU, "2", "EA", None))
    evaluation = evaluate_order(order=canonical, account=Account.objects.get(code="HARBOR"))
    assert evaluation.status == "received"
    assert button_words(foreseen_of([evaluation])) == "Place order", "nothing is said to be held"
    order = place()
    assert of_po(order) == [("received", "", WHOLE)]
    work()
    assert of_po(order) == SPLIT
    first, second = Order.objects.filter(po_number=order.po_number).order_by("number")
    assert (first.correlation_id, first.po_part, second.po_part) == (second.correlation_id, "DEFAULT", "NEW")
    version = first.versions.get(version=2)
    assert (version.actor, version.reason) == ("the policy", "its lines are with two ERPs")
    assert not Case.objects.filter(subject_id__in=[str(first.pk), str(second.pk)]).exists()
    assert sorted(told(order)) == ["order.accepted", "order.accepted", "order.split"]
    assert Reservation.objects.filter(state="held").count() == 2
    assert split_by_policy(order_id=first.pk) == [], "done once"


def test_each_part_reaches_its_own_erp_once(two: Two) -> None:
    set_apart()
    splits_by_itself()
    order = two.place((OTHER, "1"), (SKU, "2"))
    assert [row[:2] for row in of_po(order)] == [("confirmed", "default"), ("confirmed", "new")]
    for row, here, there in zip(
        Order.objects.filter(po_number=order.po_number).order_by("number"), (two.old, two.new), (two.new, two.old),
        strict=True,
    ):  # fmt: skip
        assert [len(process.orders(f"NL-{row.number}")) for process in (here, there)] == [1, 0]


def test_what_something_else_holds_waits_as_a_whole_and_is_split_once_that_is_settled(apart: None) -> None:
    splits_by_itself()
    order = place(ship_to="NOWHERE")
    work()
    assert of_po(order) == [("held", "", WHOLE)]
    case = Case.objects.get(subject_id=str(order.pk), code="held")
    correct_order(order_id=order.pk, version=1, changes={"ship_to": "HARBOR-01"}, reason="r", actor="Ann")
    assert of_po(order) == [("held", "", WHOLE)], "until the job has split it"
    work()
    assert of_po(order) == SPLIT
    case.refresh_from_db()
    assert case.status == "resolved"


def test_what_nothing_would_be_left_of_is_held(apart: None) -> None:
    """The account is with one ERP, its only item with the other: that is no order for two."""
    splits_by_itself()
    Account.objects.filter(code="HARBOR").update(erp="third")
    order = place((SKU, "2"))
    work()
    assert of_po(order) == [("held", "", ["1"])]
    with pytest.raises(NothingToCorrect):
        split_order(order_id=order.pk, version=1, reason="r", actor="Ann")


def test_what_one_erp_has_by_now_is_decided_as_a_whole(apart: None) -> None:
    splits_by_itself()
    order = place()
    StockLevel.objects.filter(item__sku=SKU).update(erp="default")
    work()
    assert of_po(order) == [("accepted", "default", WHOLE)]
    assert not Case.objects.filter(subject_id=str(order.pk)).exists()


def test_a_crash_in_the_middle_leaves_the_order_as_it_was_and_the_next_try_splits_it(
    apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    splits_by_itself()
    order = place()
    with monkeypatch.context() as broken:
        broken.setattr(erp_split, "decide_order", _fails)
        with pytest.raises(MemoryError):
            split_by_policy(order_id=order.pk)
    assert of_po(order) == [("received", "", WHOLE)]
    assert Job.objects.filter(kind="orders.split_order", key=str(order.pk)).count() == 1
    work()
    assert of_po(order) == SPLIT


def _fails(**_: Any) -> None:
    raise MemoryError


def test_the_buyer_may_cancel_before_it_is_split(apart: None) -> None:
    splits_by_itself()
    order = place()
    assert ask(order, cancellation()).status == "applied"
    work()
    assert of_po(order) == [("cancelled", "", WHOLE)]


def test_the_page_after_the_cart_shows_all_that_it_became(apart: None, cast: Cast) -> None:
    splits_by_itself()
    draft = Draft.objects.create(account=cast.harbor, user=cast.buyer)
    other = Draft.objects.create(account=cast.harbor, user=cast.colleague)
    place(key=f"portal:{draft.pk}:1")
    place(key=f"portal:{other.pk}:1")
    work()
    assert [[order.erp for order in orders_of(one)] for one in (draft, other)] == [["default", "new"]] * 2
    assert not {*orders_of(draft)} & {*orders_of(other)}


def test_an_order_that_was_split_may_be_split_once_more_and_no_line_is_lost(apart: None) -> None:
    """A person corrects a line of the first part to the item that the other ERP has."""
    splits_by_itself()
    order = place((OTHER, "1"), (OTHER, "2"), (SKU, "3"))
    Account.objects.filter(code="HARBOR").update(status="hold")
    split_order(order_id=order.pk, version=1, reason="by hand", actor="Ann")
    assert of_po(order) == [("held", "", ["1", "2"]), ("held", "", ["3"])]
    Account.objects.filter(code="HARBOR").update(status="active")
    correct_order(order_id=order.pk, version=2, changes={"line.2.sku": SKU}, reason="r", actor="Ann")
    work()
    assert [(erp, lines) for _, erp, lines in of_po(order)] == [("default", ["1"]), ("", ["3"]), ("new", ["2"])]
    parts = list(Order.objects.filter(po_number=order.po_number).order_by("number").values_list("po_part", flat=True))
    assert parts == ["DEFAULT", "NEW", "DEFAULTNEW"]


@pytest.mark.django_db(transaction=True)
def test_of_workers_and_a_person_one_splits_it(apart: None) -> None:
    splits_by_itself()
    order = place()

    def person() -> list[Order]:
        try:
            return split_order(order_id=order.pk, version=1, reason="by hand", actor="Ann")
        except (StaleVersion, NothingToCorrect):
            return []

    done = at_once(*[partial(split_by_policy, order_id=order.pk)] * 3, person)
    assert sorted(len(made) for made in done) == [0, 0, 0, 2]
    work()
    assert of_po(order) == SPLIT
