"""A change after the ERP has the order: one command, once, and the ERP decides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from distportal.events.models import Job, OutboxEvent
from distportal.events.sweeper import work_until_idle
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import ErpCommand, Order
from orders.process.changes import request_change
from orders.process.changes.deciding import refuse_held_change, resume_change
from orders.process.confirmation import record_refusal
from orders.process.erp_feed import sync_erp
from orders.process.reconciling.orders import reconcile_orders
from orders.resolutions import send_again
from tests.conftest import Cast
from tests.days import ahead
from tests.orders.changes.conftest import ask, cancellation, change, erp_lines, line_change, quantities
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def events(order: Order) -> list[str]:
    return list(OutboxEvent.objects.filter(aggregate_id=str(order.pk)).order_by("seq").values_list("type", flat=True))


def test_lines_are_changed_added_deleted_and_replaced_at_once(confirmed: Order, synced: SandboxProcess) -> None:
    done = ask(
        confirmed,
        change(
            line_change("1", "replace", sku="ELE-20002", quantity=Decimal(3), unit="EA"),
            line_change("2", quantity=Decimal(24), requested_on=ahead(50)),
            line_change("3", "add", sku="FST-10001", quantity=Decimal(10), unit="EA"),
        ),
    )
    assert (done.status, confirmed.status, confirmed.version) == ("applied", "confirmed", 2)
    assert erp_lines(synced, confirmed) == {"1": (3, 0), "2": (24, 0), "3": (10, 0)}
    lines = {row.line_no: row for row in confirmed.lines.select_related("item")}
    assert [lines[n].item.sku if lines[n].item else "" for n in "123"] == ["ELE-20002", "FST-10002", "FST-10001"]
    assert lines["2"].promised_on == ahead(50)
    assert confirmed.total == sum(row.amount for row in lines.values())
    command = ErpCommand.objects.get(change=done)
    assert (command.order_key, command.state, command.attempts) == (f"NL-{confirmed.number}-C1", "confirmed", 1)
    assert events(confirmed)[-1] == "order.changed"
    reconcile_orders()
    ours = [str(pk) for pk in ErpCommand.objects.filter(order=confirmed).values_list("pk", flat=True)]
    assert not Case.objects.filter(subject_id__in=[*ours, str(confirmed.pk)]).exists(), "the ERP holds what we hold"


def test_a_second_change_builds_on_the_first(confirmed: Order, synced: SandboxProcess) -> None:
    ask(confirmed, change(line_change("1", quantity=Decimal(60))))
    ask(confirmed, change(line_change("1", quantity=Decimal(100))))
    assert ask(confirmed, change(line_change("1", quantity=Decimal(60)))).status == "applied", "there and back again"
    assert erp_lines(synced, confirmed)["1"] == (60, 0)
    assert (confirmed.version, ErpCommand.objects.filter(order=confirmed).count()) == (4, 4)


def test_a_deleted_line_stays_on_the_order_as_cancelled(confirmed: Order, synced: SandboxProcess) -> None:
    ask(confirmed, change(line_change("2", "delete")))
    assert quantities(confirmed)["2"][0] == "cancelled"
    assert erp_lines(synced, confirmed) == {"1": (100, 0)}
    again = ask(confirmed, change(line_change("2", quantity=Decimal(5))))
    assert (again.status, again.reason) == ("refused", "The order has no line 2")
    synced.ship(confirmed.erp_number)
    sync_erp()
    confirmed.refresh_from_db()
    assert confirmed.status == "shipped"


def test_the_whole_order_is_cancelled(confirmed: Order, synced: SandboxProcess) -> None:
    done = ask(confirmed, cancellation())
    assert (done.status, confirmed.status) == ("applied", "cancelled")
    assert synced.orders(f"NL-{confirmed.number}") == []
    assert events(confirmed)[-2:] == ["order.cancelled", "order.changed"]


def test_deleting_every_line_cancels_the_order(confirmed: Order, synced: SandboxProcess) -> None:
    assert ask(confirmed, change(line_change("1", "delete"), line_change("2", quantity=Decimal(0)))).status == "applied"
    assert (confirmed.status, synced.orders(f"NL-{confirmed.number}")) == ("cancelled", [])


def test_what_has_left_cannot_be_called_back(confirmed: Order, synced: SandboxProcess) -> None:
    synced.ship(confirmed.erp_number)
    sync_erp()
    confirmed.refresh_from_db()
    for wanted in (cancellation(), change(line_change("1", quantity=Decimal(1)))):
        done = ask(confirmed, wanted)
        assert (done.status, done.reason) == ("refused", f"{confirmed}: everything has left already")
    assert events(confirmed)[-1] == "order.change_refused"


def test_goods_that_leave_before_we_know_win_over_the_change(confirmed: Order, synced: SandboxProcess) -> None:
    synced.ship(confirmed.erp_number)  # not read yet: for us nothing has left
    done = ask(confirmed, cancellation())
    assert done.status == "refused"
    assert "did not cancel" in done.reason
    done = ask(confirmed, change(line_change("1", quantity=Decimal(1))))
    assert (done.status, confirmed.version) == ("refused", 1)
    sync_erp()
    confirmed.refresh_from_db()
    assert confirmed.status == "shipped"
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


def test_the_rest_of_a_partly_shipped_order_is_cancelled(cast: object, synced: SandboxProcess) -> None:
    from distportal.events.sweeper import work_until_idle
    from orders.process.intake import place_order
    from tests.orders.builders import asked

    rows = (("FST-10001", "10", "EA", None), ("HTL-40002", "30", "EA", None))
    order = place_order(order=asked(*rows, po="PO-PART"), source_key="t:part").order
    work_until_idle()
    order.refresh_from_db()
    synced.ship(order.erp_number)
    sync_erp()
    order.refresh_from_db()
    shipped = order.lines.get(line_no="2").shipped_quantity
    assert (order.status, 0 < shipped < 30) == ("part_shipped", True)
    done = ask(order, cancellation())
    assert (done.status, order.status) == ("applied", "shipped")
    assert [a["accepted"] for a in done.answers] == [False, True]
    assert order.lines.get(line_no="2").quantity == shipped
    assert erp_lines(synced, order)["2"] == (int(shipped), int(shipped))


def test_a_change_that_the_policy_holds_waits_for_a_person_and_goes_on(
    confirmed: Order, synced: SandboxProcess
) -> None:
    held = ask(confirmed, change(line_change("1", unit_price=Decimal("0.11"))))
    assert held.status == "held"
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.subject_id) == ("order.change_held", str(held.pk))
    assert "the buyer asks" in case.sentence
    behind = ask(confirmed, change(line_change("2", quantity=Decimal(6))))
    assert behind.status == "waiting", "changes are done in the order they came"
    resume_change(change_id=held.pk, insist=False)
    held.refresh_from_db()
    assert held.status == "held", "the rules say what they said"
    resume_change(change_id=held.pk, insist=True)
    from distportal.events.sweeper import work_until_idle

    work_until_idle()
    held.refresh_from_db()
    behind.refresh_from_db()
    case.refresh_from_db()
    assert (held.status, behind.status, case.status) == ("applied", "applied", "resolved")
    assert confirmed.lines.get(line_no="1").unit_price == Decimal("0.11")
    assert erp_lines(synced, confirmed) == {"1": (100, 0), "2": (6, 0)}


def test_a_held_change_is_refused_with_a_reason(confirmed: Order) -> None:
    held = ask(confirmed, change(line_change("1", unit_price=Decimal("0.11"))))
    refuse_held_change(change_id=held.pk, reason="the contract says 0.48")
    held.refresh_from_db()
    assert (held.status, held.reason) == ("refused", "the contract says 0.48")
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()
    assert confirmed.lines.get(line_no="1").unit_price != Decimal("0.11")


def test_nobody_can_insist_on_an_item_that_does_not_exist(confirmed: Order) -> None:
    held = ask(confirmed, change(line_change("3", "add", sku="NO-SUCH", quantity=Decimal(1), unit="EA")))
    assert held.status == "held"
    resume_change(change_id=held.pk, insist=True)
    held.refresh_from_db()
    assert held.status == "held"
    assert ErpCommand.objects.filter(change=held).count() == 0


@pytest.mark.parametrize(("code", "quantity"), [("QI", 90), ("QD", 110)])
def test_a_change_that_goes_the_other_way_than_it_says_is_held(confirmed: Order, code: str, quantity: int) -> None:
    held = ask(confirmed, change(line_change("1", quantity=Decimal(quantity), code=code)))
    assert held.status == "held"
    assert f"from 100 to {quantity}" in held.reason


def test_changes_cancellations_and_refused_commands_take_turns_like_orders(
    confirmed: Order, synced: SandboxProcess, cast: Cast
) -> None:
    """Whoever changes a thousand orders, or has a thousand refused, holds up nobody's first one."""
    for quantity in (60, 70):
        wanted = change(line_change("1", quantity=Decimal(quantity)))
        request_change(order_id=confirmed.pk, change=wanted, source_key=f"t:{quantity}", asked_name="Jo")
    assert shares("orders.send_command", "ready") == ["HARBOR"]
    command = ErpCommand.objects.get(order=confirmed, kind="change")
    Job.objects.filter(key=str(command.pk)).delete()
    record_refusal(command_id=command.pk, code="erp.order_closed", text="closed")
    send_again(Case.objects.get(subject_id=str(command.pk)), {}, "it is open now", cast.agent)
    assert shares("orders.send_command", "ready") == ["HARBOR"]
    work_until_idle()
    assert shares("orders.decide_change", "done") == ["HARBOR"], "the second one was decided after the first"


def shares(kind: str, state: str) -> list[str]:
    return list(Job.objects.filter(kind=kind, state=state).values_list("share", flat=True))
