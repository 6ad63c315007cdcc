"""Orders that are placed together: as if one after the other, all or none, and in the way of nobody."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.accounts.models import Account
from distportal.accounts.wall import behind_wall
from distportal.canonical.orders import Order as AskedOrder
from distportal.events.models import Job, OutboxDelivery, OutboxEvent
from distportal.observability.correlation import correlated, correlation_id
from exceptions.models import Case, CaseEntry
from inventory.models import Item, Promise, Reservation, StockLevel, Warehouse
from inventory.process.reservations import locked_stock
from inventory.queries.availability import availability_of
from orders.errors import UnknownAccount
from orders.models import ErpCommand, Intake, Order, OrderFinding, OrderLine, OrderVersion, RulePolicy
from orders.process.intake import Asking, Placement, place_order, place_orders
from tests.at_once import at_once, waiting_for_lock
from tests.bench.company import found_company, sku
from tests.orders.builders import asked

ITEMS = 6
Row = tuple[str, str, str, str | None]


@pytest.fixture
def account(db: None) -> Account:
    """A buyer of the bench's company."""
    return found_company().account  # type: ignore[return-value]


def wanted(po: str, *rows: Row, ship_to: str = "0117", **more: Any) -> AskedOrder:
    return replace(asked(*rows, po=po, account="CRESTLINE", ship_to=ship_to, channel="edi"), **more)


def asking(order: AskedOrder, key: str = "") -> Asking:
    return Asking(order=order, source_key=key or f"t:{uuid.uuid4()}", placed_name="EDI", correlation_id=uuid.uuid4())


def one_by_one(askings: list[Asking]) -> list[Placement]:
    """The same by the way of a single order."""
    placements = []
    for one in askings:
        with correlated(one.correlation_id):
            placements.append(place_order(order=one.order, source_key=one.source_key, placed_name=one.placed_name))
    return placements


def stock(item: str, *levels: tuple[str, str], due: dt.date | None = None) -> None:
    """What the warehouses have of it from now on, and what MID expects. By keys: the planner knows nothing of tables
    that a test has just filled.
    """
    item_id = Item.objects.values_list("pk", flat=True).get(sku=item)
    places = dict(Warehouse.objects.values_list("code", "pk"))
    rows = StockLevel.objects.filter(item_id=item_id)
    rows.update(available=0, on_hand=0)
    for code, quantity in levels:
        rows.filter(warehouse_id=places[code]).update(available=Decimal(quantity), on_hand=Decimal(quantity))
    if due:
        rows.filter(warehouse_id=places["MID"]).update(supply_on=due, supply_quantity=Decimal(40))


def told(placements: list[Placement]) -> list[str]:
    """All that came of it, in words that are the same whatever numbers and ids the orders got."""
    orders = list(Order.objects.order_by("number"))
    names = {str(order.pk): f"<order {at}>" for at, order in enumerate(orders)}
    names |= {str(order.number): f"<number {at}>" for at, order in enumerate(orders)}
    for case in Case.objects.all():
        of = names.get(case.subject_id, case.subject_id)
        names |= dict.fromkeys((str(case.number), str(case.pk)), f"<case {case.code} of {of}>")
    names |= {str(row.pk): f"<command of {names[str(row.order_id)]}>" for row in ErpCommand.objects.all()}
    ids = ["id", "created_at", "updated_at", "placed_at", "at", "received_at", "requested_at", "made_at", "reserved_at"]
    ids += ["price_as_of", "accepted_at", "next_at", "occurred_at", "event_id", "line_id", "correlation_id", "case_id"]
    ids += ["due_at", "first_due_at", "warn_at", "queue_id", "clock_from"]
    models: list[Any] = [Order, OrderLine, OrderVersion, OrderFinding, Intake, ErpCommand, Reservation, Promise]
    models += [Case, CaseEntry, OutboxEvent, OutboxDelivery, Job]
    found: list[Any] = [[p.outcome, str(p.order.pk)] for p in placements]
    found += [{"of": model.__name__, **row} for model in models for row in rows_of(model, ids)]
    found += OrderFinding.objects.order_by("id").values("order", "line__line_no", "code")
    texts = []
    for one in found:
        text = re.sub(r'"content_hash": "\w+", ', "", json.dumps(one, default=str, sort_keys=True))
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, names[name])
        texts.append(text)
    return sorted(texts)


def rows_of(model: Any, without: list[str]) -> list[Any]:
    rows = ({k: v for k, v in row.items() if k not in without} for row in model.objects.values())
    return [{k: str(v) if isinstance(v, int) else v for k, v in row.items()} for row in rows]


def random_orders(seed: int) -> list[Asking]:
    """Orders that want more than there is, come twice, contradict each other, or have something wrong with them."""
    dice = random.Random(seed)
    found: list[Asking] = []
    for number in range(12):
        rows: list[Row] = []
        for _ in range(dice.randint(1, 4)):
            name = "NO-SUCH" if dice.random() < 0.03 else sku(dice.randrange(ITEMS))
            price = dice.choice([None, "1.25", "1.25", "9.99" if dice.random() < 0.2 else "1.25"])
            rows.append((name, str(dice.choice([1, 5, 12, 24, 60, 200])), dice.choice(["EA", "EA", "EA", "CA"]), price))
        order = wanted(f"PO-{number}", *rows, ship_to="9999" if dice.random() < 0.05 else "0117")
        found.append(asking(order))
        fate = dice.random()
        if fate < 0.15:
            found.append(asking(replace(order, po_number=order.po_number.lower())))  # the same by another document
        elif fate < 0.25:
            found.append(asking(replace(order, lines=order.lines[:1], requested_on=dt.date(2030, 1, 1))))
        elif fate < 0.35:
            found.append(found[-1])  # the same document again
        elif fate < 0.45:
            found.append(asking(replace(order, purpose="duplicate")))
    return found


def scarce(account: Account, seed: int) -> None:
    """Little stock in several places, a receipt, a credit limit that is near, and policies that differ by seed."""
    dice = random.Random(1000 + seed)
    for number in range(ITEMS):
        amounts = [(code, str(dice.choice([0, 7, 30, 100, 1000]))) for code in ("EAST", "MID", "WEST")]
        stock(sku(number), *amounts, due=timezone.localdate() + dt.timedelta(days=9) if number % 2 else None)
    soon = (timezone.localdate() + dt.timedelta(days=20)).isoformat()
    lots = [{"lot": "A", "quantity": "20", "expires_on": soon}, {"lot": "B", "quantity": "10", "expires_on": None}]
    keeping = list(Item.objects.filter(sku__in=[sku(1), sku(2)]).values_list("pk", flat=True))
    StockLevel.objects.filter(item_id__in=keeping).update(lots=lots)
    Account.objects.filter(pk=account.pk).update(least_shelf_life=dice.choice([None, 10, 40]))
    Account.objects.filter(pk=account.pk).update(credit_limit=Decimal(dice.choice([700, 2000, 10**6])))
    policies = {"stock_short": ["backorder", "reject", "hold"], "duplicate_po": ["hold", "accept"]}
    policies |= {"price_differs": ["hold", "reject"], "item_unknown": ["hold", "reject", "reject_order"]}
    for code, actions in policies.items():
        RulePolicy.objects.create(account=account, code=code, action=dice.choice(actions))
    if seed % 2:
        RulePolicy.objects.create(
            account=account, code="split", action="accept", data={"per_line": 2, "per_order": 2, "least_part": 1}
        )


@pytest.mark.parametrize("seed", range(6))
def test_together_comes_to_the_same_as_one_by_one(account: Account, seed: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('exceptions_case_number', 900000000)")  # no number of a case is one of an order
    scarce(account, seed)
    askings, results = random_orders(seed), []
    for way in (one_by_one, lambda many: place_orders(askings=many)):
        with transaction.atomic():
            results.append(told(way(askings)))
            transaction.set_rollback(True)
    single, joint = results
    assert [row for row in joint if row not in single] == [row for row in single if row not in joint] == []
    assert joint == single


def test_the_last_of_the_stock_goes_to_the_first_order(account: Account) -> None:
    stock(sku(0), ("EAST", "10"))
    orders = [wanted(f"PO-{n}", (sku(0), "6", "EA", None)) for n in range(3)]
    place_orders(askings=[asking(order) for order in orders])
    lines = OrderLine.objects.order_by("order__number")
    assert [(line.status, line.reserved_quantity) for line in lines] == [
        ("accepted", 6),
        ("backordered", 4),
        ("backordered", 0),
    ]
    assert sum(Reservation.objects.values_list("quantity", flat=True)) == 10
    short = OrderFinding.objects.filter(code="stock_short").order_by("id")
    assert [finding.order.po_number for finding in short] == ["PO-1", "PO-2"]


def test_credit_counts_the_orders_before_in_the_batch(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(credit_limit=Decimal(25), credit_balance=0)
    orders = [wanted(f"PO-{n}", (sku(0), "8", "EA", None)) for n in range(3)]  # 10.00 each
    place_orders(askings=[asking(order) for order in orders])
    assert list(Order.objects.order_by("number").values_list("status", flat=True)) == ["accepted", "accepted", "held"]
    [case] = Case.objects.all()
    assert case.subject_id == str(Order.objects.get(po_number="PO-2").pk)


def test_the_same_po_twice_in_a_batch_is_one_order(account: Account) -> None:
    first, other = wanted("PO-1", (sku(0), "6", "EA", None)), wanted("PO-1", (sku(0), "7", "EA", None))
    placements = place_orders(
        askings=[asking(first), asking(first), asking(other), asking(first, "k"), asking(other, "k")]
    )
    assert [p.outcome for p in placements] == ["placed", "repeated", "conflict", "repeated", "repeated"]
    order = Order.objects.get()
    assert {p.order.pk for p in placements} == {order.pk}
    assert list(Intake.objects.order_by("outcome").values_list("outcome", flat=True)) == [
        "conflict",
        "placed",
        "repeated",
        "repeated",
    ]
    [case] = Case.objects.all()
    assert (case.kind, case.data["first"]) == ("order.duplicate_po", str(order))
    assert Reservation.objects.get().quantity == 6


def test_each_order_of_a_batch_is_a_story_of_its_own(account: Account) -> None:
    wrong = wanted("PO-1", (sku(0), "1", "EA", "9.99"))
    askings = [asking(wanted("PO-0", (sku(0), "1", "EA", None))), asking(wrong)]
    with correlated():
        place_orders(askings=askings)
        here = correlation_id()
    stories = [one.correlation_id for one in askings]
    held = Order.objects.get(po_number="PO-1")
    assert [o.correlation_id for o in Order.objects.order_by("number")] == stories
    assert ErpCommand.objects.get().correlation_id == stories[0]
    assert Job.objects.get(kind="orders.send_command").correlation_id == stories[0]
    assert Case.objects.get().correlation_id == stories[1]
    assert list(OutboxEvent.objects.filter(aggregate_id=str(held.pk)).values_list("correlation_id")) == [(stories[1],)]
    assert here not in OutboxEvent.objects.values_list("correlation_id", flat=True)


def test_an_order_is_placed_when_it_came_and_never_after_it_was_accepted(account: Account) -> None:
    """A story that begins after its first decision is one that nobody believes."""
    stock(sku(0), ("EAST", "100"))
    before = timezone.now()
    askings = [asking(wanted("PO-1", (sku(0), "6", "EA", None))), asking(wanted("PO-2", ("NONE", "1", "EA", None)))]
    accepted, held = (one.order for one in place_orders(askings=askings))
    accepted.refresh_from_db()
    held.refresh_from_db()
    assert accepted.accepted_at is not None
    assert before <= accepted.placed_at <= accepted.accepted_at <= timezone.now()
    assert (held.status, held.accepted_at) == ("held", None)
    assert held.placed_at == accepted.placed_at


def test_one_that_cannot_be_placed_leaves_none_of_them(account: Account) -> None:
    stranger = replace(wanted("PO-1", (sku(0), "1", "EA", None)), account="NOBODY")
    with pytest.raises(UnknownAccount, match="NOBODY"):
        place_orders(askings=[asking(wanted("PO-0", (sku(0), "1", "EA", None))), asking(stranger)])
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert place_orders(askings=[]) == []


def test_behind_the_wall_of_a_dealer_the_rows_go_in_all_the_same(account: Account) -> None:
    with transaction.atomic(), behind_wall([account.pk]):
        place_orders(askings=[asking(wanted(f"PO-{n}", (sku(0), "6", "EA", None))) for n in range(2)])
    assert OrderLine.objects.filter(status="accepted").count() == ErpCommand.objects.count() == 2
    assert Reservation.objects.count() == Promise.objects.count() == 2


def test_a_batch_costs_as_many_statements_as_two_orders(account: Account) -> None:
    asked_for = []
    for size in (2, 25):
        rows = [(sku(n), "2", "EA", None) for n in range(20)]
        askings = [asking(wanted(f"PO-{size}-{n}", *rows)) for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            place_orders(askings=askings)
        asked_for.append(len(queries))
    assert Order.objects.filter(status="accepted").count() == 27
    assert asked_for[0] == asked_for[1] <= 32


def test_what_is_taken_of_a_view_is_what_is_read_afterwards(account: Account) -> None:
    stock(sku(0), ("EAST", "10"), ("MID", "5"), due=timezone.localdate() + dt.timedelta(days=3))
    item = Item.objects.get(sku=sku(0))
    with transaction.atomic():
        view = locked_stock(item_ids=[item.pk])
        for place in view.of(item_ids=[item.pk])[item.pk].by_warehouse[:2]:
            for due in {None, place.supply_on}:
                Reservation.objects.create(
                    item=item,
                    warehouse_id=place.warehouse_id,
                    demand_ref=f"t:{place.code}:{due}",
                    quantity=4,
                    due_on=due,
                )
                view.take(item_id=item.pk, warehouse_id=place.warehouse_id, due_on=due, quantity=Decimal(4))
        seen, read = view.of(item_ids=[item.pk])[item.pk], availability_of(item_ids=[item.pk])[item.pk]
    assert (seen.total, seen.as_of) == (read.total, read.as_of)
    for mine, theirs in zip(seen.by_warehouse, read.by_warehouse, strict=True):
        assert (mine.code, mine.available, mine.timeline.days) == (theirs.code, theirs.available, theirs.timeline.days)


def blocked_batch(askings: list[Asking], *, kind: str, until: Callable[[], Any]) -> Any:
    """What `until` gives while a batch waits for a lock of that kind which the caller holds; then both go on."""
    late = threading.Thread(target=lambda: at_once(partial(place_orders, askings=askings)))
    late.start()
    ends = time.monotonic() + 20
    waiting = 0
    while not waiting and late.is_alive() and time.monotonic() < ends:
        time.sleep(0.02)
        waiting = waiting_for_lock(kind)
    found = until() if waiting else None
    transaction.set_rollback(True)
    return late, found


@pytest.mark.django_db(transaction=True)
def test_stock_rows_are_locked_in_the_order_of_their_keys(transactional_db: None) -> None:
    found_company()
    rows: list[Row] = [(sku(n), "2", "EA", None) for n in (4, 1, 3, 0, 2)]
    levels = StockLevel.objects.filter(item__sku__in=[row[0] for row in rows]).order_by("item_id", "warehouse_id")
    keys = list(levels.values_list("pk", flat=True))
    askings = [asking(wanted("PO-1", *rows[:3])), asking(wanted("PO-2", *rows[3:]))]
    free = (
        StockLevel.objects.select_for_update(skip_locked=True).filter(pk__in=keys).order_by("item_id", "warehouse_id")
    )
    with transaction.atomic():
        list(StockLevel.objects.select_for_update().filter(pk=keys[7]))
        late, others = blocked_batch(
            askings, kind="transactionid", until=lambda: list(free.values_list("pk", flat=True))
        )
    late.join(20)
    assert others == keys[7:], "all before it are locked, it is ours, none after it is locked yet"
    assert Order.objects.filter(status="accepted").count() == 2


@pytest.mark.django_db(transaction=True)
def test_pos_are_locked_in_the_order_of_their_keys(transactional_db: None) -> None:
    account = found_company().account
    assert account is not None
    numbers = [f"PO{n}" for n in range(8)]
    with connection.cursor() as cursor:
        names = [f"orders.po:{account.pk}:{number}" for number in numbers]
        cursor.execute("SELECT hashtextextended(name, 0) AS key FROM unnest(%s::text[]) AS name ORDER BY 1", [names])
        keys = [key for (key,) in cursor.fetchall()]

    def held() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks "
                "WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            return sorted(key for (key,) in cursor.fetchall())

    askings = [asking(wanted(number, (sku(0), "2", "EA", None))) for number in numbers]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [keys[5]])
        late, before = blocked_batch(askings, kind="advisory", until=held)
    late.join(20)
    assert before == keys[:5]
    assert Order.objects.filter(status="accepted").count() == 8


@pytest.mark.django_db(transaction=True)
def test_batches_that_want_the_same_the_other_way_round_both_get_in(transactional_db: None) -> None:
    found_company()
    rows: list[Row] = [(sku(n), "2", "EA", None) for n in range(20)]
    for turn in range(3):
        there = [asking(wanted(f"PO-{turn}-{n}", *(rows if n % 2 else rows[::-1]))) for n in range(8)]
        back = [asking(replace(one.order, po_number=f"{one.order.po_number}-B")) for one in there]
        same = [asking(one.order) for one in reversed(there)]
        at_once(*(partial(place_orders, askings=many) for many in (there, back[::-1], same)))
        assert Order.objects.filter(po_number__startswith=f"PO-{turn}-").count() == 16
    assert Order.objects.filter(status="accepted").count() == ErpCommand.objects.count() == 48
    assert not Case.objects.exists()
    assert Intake.objects.filter(outcome="repeated").count() == 24
