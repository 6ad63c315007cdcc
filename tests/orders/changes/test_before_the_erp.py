"""A change before the ERP has the order: a new version, judged by the same rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection

from distportal.events.sweeper import work_lane
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import Reservation
from orders.models import ErpCommand, Order
from orders.portal.progress import progress_of
from orders.process.changes import request_change
from orders.process.changes.deciding import resume_change
from orders.process.intake import place_order
from tests.orders.builders import asked
from tests.orders.changes.conftest import ask, cancellation, change, erp_lines, hurry, line_change, quantities
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def test_the_erp_hears_of_the_changed_order_only(placed: Order, synced: SandboxProcess) -> None:
    done = ask(
        placed,
        change(
            line_change("1", quantity=Decimal(40)),
            line_change("2", "delete"),
            line_change("3", "add", sku="ELE-20002", quantity=Decimal(5), unit="EA"),
        ),
    )
    assert (done.status, done.made_version, placed.version, placed.status) == ("applied", 2, 2, "confirmed")
    assert erp_lines(synced, placed) == {"1": (40, 0), "3": (5, 0)}
    assert quantities(placed) == {"1": ("accepted", 40, 40), "3": ("accepted", 5, 5)}
    assert [c.kind for c in ErpCommand.objects.filter(order=placed)] == ["order"], "no change had to be sent"
    assert {d["field"] for d in placed.versions.get(version=2).changes} == {"line.1.quantity", "line.2", "line.3"}
    held = Reservation.objects.filter(demand_ref__startswith=f"order:{placed.pk}:", state="held")
    assert {r.demand_ref.rsplit(":")[-1] for r in held} <= {"1", "3"}, "what was deleted holds no stock"


def test_an_order_was_accepted_when_it_first_was_whatever_changes_later(placed: Order) -> None:
    first, as_of = placed.accepted_at, placed.price_as_of
    assert first is not None
    done = ask(placed, change(line_change("1", quantity=Decimal(40))))
    assert (done.status, placed.version, placed.accepted_at) == ("applied", 2, first)
    assert placed.price_as_of is not None
    assert as_of is not None
    assert placed.price_as_of > as_of, "it was decided anew, at the prices of then"


def test_a_change_that_is_held_shows_no_acceptance_and_keeps_its_moment(placed: Order) -> None:
    first = placed.accepted_at
    wrong = change(line_change("1", unit_price=Decimal("0.01")))
    held = request_change(order_id=placed.pk, change=wrong, source_key="t:wrong").change
    assert held.status == "held"
    resume_change(change_id=held.pk, insist=True)  # a person lets it in; the order's own rules hold it then
    placed.refresh_from_db()
    assert (placed.status, placed.accepted_at) == ("held", first)
    assert [(step.label, step.at) for step in progress_of(placed, [], [])][:2] == [
        ("Placed", placed.placed_at), ("Accepted", None),
    ]  # fmt: skip


def test_the_migration_gives_back_the_first_acceptance_that_history_has(placed: Order) -> None:
    first = placed.accepted_at
    assert first is not None
    other = place_order(order=asked(("FST-10001", "1", "EA", None), po="PO-OTHER"), source_key="t:other").order
    later = first + dt.timedelta(hours=2)
    Order.objects.filter(pk=placed.pk).update(version=2, accepted_at=later)
    Order.objects.filter(pk=other.pk).update(accepted_at=later)
    with connection.cursor() as cursor:
        cursor.execute(import_module("orders.migrations.0042_first_acceptance").FIRST)
        assert cursor.rowcount == 1
    placed.refresh_from_db()
    other.refresh_from_db()
    assert (placed.accepted_at, placed.version) == (first, 2)
    assert other.accepted_at == later, "an order without a change is left alone"


def test_a_cancelled_order_never_reaches_the_erp(placed: Order, synced: SandboxProcess) -> None:
    done = ask(placed, cancellation())
    assert (done.status, placed.status) == ("applied", "cancelled")
    assert synced.orders(f"NL-{placed.number}") == []
    assert {row.status for row in placed.lines.all()} == {"cancelled"}
    assert not Reservation.objects.filter(demand_ref__startswith=f"order:{placed.pk}:", state="held").exists()
    again = ask(placed, change(line_change("1", quantity=Decimal(1))))
    assert (again.status, again.reason) == ("refused", f"{placed}: the order was cancelled")


def test_a_held_order_is_changed_into_a_good_one(synced: SandboxProcess) -> None:
    order = place_order(order=asked(("FST-10001", "10", "EA", "9.99"), po="PO-HELD"), source_key="t:held").order
    assert order.status == "held"
    done = ask(order, change(line_change("1", unit_price=Decimal("0.48"))))
    assert (done.status, order.status, order.version) == ("applied", "confirmed", 2)
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


def test_a_held_order_can_be_cancelled_and_its_case_ends(synced: SandboxProcess) -> None:
    order = place_order(order=asked(("NO-SUCH", "10", "EA", None), po="PO-HELD"), source_key="t:held").order
    assert ask(order, cancellation()).status == "applied"
    assert order.status == "cancelled"
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (line_change("9", quantity=Decimal(1)), "The order has no line 9"),
        (line_change("9", "delete"), "The order has no line 9"),
        (line_change("3", "add"), "Line 3 is to be added and names no item or quantity"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(placed: Order, wanted: object, reason: str) -> None:
    done = ask(placed, change(wanted))  # type: ignore[arg-type]
    assert (done.status, done.reason, placed.version) == ("refused", reason, 1)
    assert not Case.objects.exists()


def test_one_line_is_done_and_the_other_refused(placed: Order) -> None:
    done = ask(placed, change(line_change("1", quantity=Decimal(50)), line_change("9", "delete")))
    assert done.status == "applied"
    assert [(a["line_no"], a["accepted"]) for a in done.answers] == [("1", True), ("9", False)]
    assert quantities(placed)["1"] == ("accepted", 50, 50)


def test_a_change_while_nobody_knows_whether_the_erp_has_the_order_waits(placed: Order, synced: SandboxProcess) -> None:
    synced.faults({"kind": "commit_then_drop", "count": 1, "match": {"method": "POST", "path_regex": "^/orders$"}})
    assert work_lane("erp_write") == 1, "once, however long it takes"
    assert placed.commands.get().state == "unknown"
    waiting = request_change(
        order_id=placed.pk, change=change(line_change("1", quantity=Decimal(7))), source_key="t:waits"
    ).change
    assert waiting.status == "waiting"
    hurry()
    waiting.refresh_from_db()
    assert waiting.status == "applied"
    assert erp_lines(synced, placed)["1"] == (7, 0)
    assert len(synced.orders(f"NL-{placed.number}")) == 1
