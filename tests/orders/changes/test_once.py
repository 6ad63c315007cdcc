"""Changes that come twice, at once, or whose answer gets lost."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from distportal.events.sweeper import work_until_idle
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import ChangeRequest, ErpCommand, Order
from orders.process.changes import request_change
from orders.process.erp_feed import sync_erp
from orders.process.sending import send_command
from tests.at_once import at_once
from tests.orders.changes.conftest import ask, cancellation, change, erp_lines, hurry, line_change
from tests.sandbox import SandboxProcess


@pytest.mark.django_db
def test_the_same_change_again_is_the_same_answer(confirmed: Order) -> None:
    wanted = change(line_change("1", quantity=Decimal(60)), sequence="1")
    first = ask(confirmed, wanted, key="t:one")
    again = request_change(order_id=confirmed.pk, change=wanted, source_key="t:one")
    other_way = request_change(order_id=confirmed.pk, change=wanted, source_key="t:two")
    assert {again.outcome, other_way.outcome} == {"repeated"}
    assert again.change.pk == other_way.change.pk == first.pk
    assert (ErpCommand.objects.filter(order=confirmed).count(), Case.objects.count()) == (2, 0)


@pytest.mark.django_db
def test_one_number_for_two_changes_is_one_case_and_the_first_holds(confirmed: Order, synced: SandboxProcess) -> None:
    ask(confirmed, change(line_change("1", quantity=Decimal(60)), sequence="1"))
    for key in ("t:two", "t:three"):
        second = change(line_change("1", quantity=Decimal(10)), sequence="1")
        assert request_change(order_id=confirmed.pk, change=second, source_key=key).outcome == "conflict"
    work_until_idle()
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.occurrences) == ("order.change_conflict", 2)
    assert erp_lines(synced, confirmed)["1"] == (60, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["commit_then_drop", "commit_then_500", "truncated_json"])
@pytest.mark.parametrize("cancels", [False, True])
def test_a_lost_answer_is_looked_up_and_done_once(
    confirmed: Order, synced: SandboxProcess, fault: str, cancels: bool
) -> None:
    path = "/orders/.*/cancel" if cancels else "/orders/.*/change"
    synced.faults({"kind": fault, "count": 1, "match": {"method": "POST", "path_regex": path}})
    wanted = cancellation() if cancels else change(line_change("1", quantity=Decimal(60)))
    sent = ask(confirmed, wanted)
    command = ErpCommand.objects.get(change=sent)
    assert (sent.status, command.state) == ("sent", "unknown")
    send_command(command_id=command.pk)
    work_until_idle()
    sent.refresh_from_db()
    assert sent.status == "applied"
    asked = [r for r in synced.ledger(f"NL-{confirmed.number}") if r["path"].endswith(("/change", "/cancel"))]
    assert len(asked) == 1, "it was not sent again"


@pytest.mark.django_db
def test_an_erp_that_was_changed_by_hand_is_not_overwritten(confirmed: Order, synced: SandboxProcess) -> None:
    [held] = synced.orders(f"NL-{confirmed.number}")
    body = {"content_hash": "theirs", "replaces": held["content_hash"], "lines": [
        {k: held["lines"][0][k] for k in ("posex", "matnr", "unit", "price")} | {"quantity": "5"}]}  # fmt: skip
    synced.post(f"/orders/{held['id']}/change", body)
    doubt = ask(confirmed, change(line_change("1", quantity=Decimal(60))))
    assert doubt.status == "held"
    assert Case.objects.get(status__in=CaseStatus.OPEN).kind == "order.change_held"
    assert erp_lines(synced, confirmed) == {"1": (5, 0)}


@pytest.mark.django_db(transaction=True)
def test_twenty_times_the_same_change_at_once_is_one(confirmed: Order, synced: SandboxProcess) -> None:
    wanted = change(line_change("1", quantity=Decimal(60)), sequence="1")
    ask_it = partial(request_change, order_id=confirmed.pk, change=wanted)
    found = at_once(*(partial(ask_it, source_key=f"t:{n}") for n in range(8)))
    assert sorted(f.outcome for f in found) == ["repeated"] * 7 + ["requested"]
    work_until_idle()
    assert ChangeRequest.objects.count() == 1
    assert erp_lines(synced, confirmed)["1"] == (60, 0)


@pytest.mark.django_db(transaction=True)
def test_a_change_and_the_sending_of_its_order_at_once(placed: Order, synced: SandboxProcess) -> None:
    wanted = change(line_change("1", quantity=Decimal(60)))
    at_once(
        lambda: work_until_idle() and None,
        lambda: request_change(order_id=placed.pk, change=wanted, source_key="t:race") and None,
    )
    hurry(6)
    assert ChangeRequest.objects.get().status == "applied"
    placed.refresh_from_db()
    assert (placed.status, placed.lines.get(line_no="1").quantity) == ("confirmed", 60)
    assert erp_lines(synced, placed) == {"1": (60, 0), "2": (12, 0)}
    assert len(synced.orders(f"NL-{placed.number}")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_cancellation_and_the_warehouse_at_once(confirmed: Order, synced: SandboxProcess) -> None:
    from httpx import HTTPStatusError

    def ship() -> None:
        try:
            synced.ship(confirmed.erp_number)
        except HTTPStatusError:
            return  # the cancellation was first

    at_once(ship, lambda: ask(confirmed, cancellation()) and None)
    sync_erp()
    work_until_idle()
    confirmed.refresh_from_db()
    change_row = ChangeRequest.objects.get()
    live = synced.orders(f"NL-{confirmed.number}")
    if change_row.status == "applied":
        assert (confirmed.status, live) == ("cancelled", [])
    else:
        assert (change_row.status, confirmed.status, len(live)) == ("refused", "shipped", 1)
