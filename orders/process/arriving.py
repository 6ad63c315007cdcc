"""Orders that arrive together: what is known of them is read once, each is decided in turn, all is written at the end.

Locks in this order: the POs, the credit of the accounts, the stock rows, each by their keys, and all of them before
anything is decided. What needs none of them is done before: it holds nobody up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import CharField

from distportal.accounts.choices import AccountStatus
from distportal.accounts.models import Account, User
from distportal.accounts.standing import signed_name
from distportal.canonical.base import to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.among import Among
from distportal.common.bulk import insert_rows
from distportal.common.marks import SOME_TEXTS
from distportal.common.prepared import PreparedRows
from distportal.common.sequences import next_numbers
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.observability.actor import actor_name
from distportal.observability.correlation import correlated, correlation_id
from exceptions.process.cases import open_case
from inventory.process.reservations import locked_stock
from inventory.queries.items import items_named
from inventory.queries.prices import foresee_prices
from orders.choices import FindingAction, OrderStatus
from orders.errors import UnknownAccount
from orders.models import Intake, Order, OrderVersion
from orders.process.case_facts import about
from orders.process.deciding import Decision, decide
from orders.process.evaluation import Prepared, exposure_of, prepare_order
from orders.process.locks import lock_credit
from orders.process.orchestration import write_decisions
from orders.process.policy import action_for, policy_of
from orders.process.same_po import EarlierOrders, demand_hash, part_of
from orders.queries.numbers import normalise_po

if TYPE_CHECKING:
    from inventory.models import Item

_INTAKES = PreparedRows(
    lambda keys: Intake.objects.filter(Among("source_key", keys, of=CharField())).select_related("order"), SOME_TEXTS
)
_ACCOUNTS = PreparedRows(
    lambda codes: Account.objects.filter(Among("code", codes, of=CharField())).exclude(status=AccountStatus.CLOSED),
    SOME_TEXTS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One order as it arrives: `source_key` is the channel's own unique key, `correlation_id` the story it belongs to,
    that of the moment where none is named. With `again` the buyer was shown the orders of this PO and wants one more.
    """

    order: AskedOrder
    source_key: str
    placed_by: User | None = None
    placed_name: str = ""
    correlation_id: UUID | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The order, and whether it is new (`placed`), was there already (`repeated`) or contradicts one (`conflict`).
    `decision` is what came of a new one.
    """

    order: Order
    outcome: str
    decision: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """An order whose key is new: whose it is, which items its lines name, how it is kept, what it hashes to."""

    asking: Asking
    account: Account
    items: Sequence[Item | None]
    canonical: dict[str, Any]
    digest: str
    story: UUID

    @property
    def po(self) -> tuple[UUID, str]:
        return self.account.pk, normalise_po(self.asking.order.po_number)


class Arrivals:
    """Orders that are placed one after the other, each in sight of those before it; nothing is written until `write`.

    Raises UnknownAccount where one of them names no open account.
    """

    def __init__(self, askings: Sequence[Asking]) -> None:
        keys = [asking.source_key for asking in askings]
        self._known = {row.source_key: row for row in _INTAKES(keys)}
        self._arrivals = _arrivals([asking for asking in askings if asking.source_key not in self._known])
        arrivals = self._arrivals
        self._earlier = EarlierOrders(
            {arrival.po for arrival in arrivals.values() if arrival.po[1]},
            also_dead=any(arrival.asking.order.purpose == "duplicate" for arrival in arrivals.values()),
        )
        self._prepared = _prepared([one for one in arrivals.values() if _may_be_new(one, self._earlier)])
        # after the POs and all that is settled: from here to the commit the others of the account wait
        lock_credit({arrivals[key].account for key in self._prepared})
        self._stock = locked_stock(item_ids={item for one in self._prepared.values() for item in one.wanted})
        self._exposures: dict[UUID, Decimal] = {}
        self._numbers: list[int] = []
        self._decisions: list[Decision] = []
        self._intakes: list[Intake] = []

    def place(self, asking: Asking) -> Placement:
        """What becomes of it."""
        known = self._known.get(asking.source_key)
        if known:
            placed = known.outcome == Intake.Outcome.PLACED
            return Placement(order=known.order, outcome="repeated" if placed else str(known.outcome))
        arrival = self._arrivals[asking.source_key]
        earlier = self._earlier.of(asking.order, arrival.account)
        twin = next((order for order in earlier if order.content_hash == arrival.digest and not asking.again), None)
        if twin:
            return self._record(arrival, twin, Intake.Outcome.REPEATED)
        if earlier and (not _repeats(arrival) or asking.order.purpose == "duplicate"):
            with correlated(arrival.story):
                _open_duplicate_case(asking.order, arrival.account, earlier[0])
            return self._record(arrival, earlier[0], Intake.Outcome.CONFLICT)
        slot = 1 + max(order.po_slot for order in earlier) if earlier else 0
        decision = self._decided(arrival, slot)
        return replace(self._record(arrival, decision.order, Intake.Outcome.PLACED), decision=decision)

    def write(self) -> None:
        """All that was placed is in its tables, and what follows from it is on its way."""
        write_decisions(self._decisions, first=True)
        insert_rows(
            [
                OrderVersion(
                    order=one.order, version=1, canonical=one.order.canonical, actor=actor_name(), reason="as received"
                )
                for one in self._decisions
            ]
        )
        insert_rows(self._intakes)

    def _decided(self, arrival: _Arrival, slot: int) -> Decision:
        if not self._numbers:
            left = len(self._prepared) - len(self._decisions)
            self._numbers = next_numbers("orders_order_number", left)
        prepared, account = self._prepared[arrival.asking.source_key], arrival.account
        order = _new_order(arrival, self._numbers.pop(0), slot, at=prepared.read_at)
        if account.pk not in self._exposures:
            self._exposures[account.pk] = exposure_of(account)
        decision = decide(order, prepared, stock=self._stock, exposure=self._exposures[account.pk])
        if order.status == OrderStatus.ACCEPTED:
            self._exposures[account.pk] += order.total
        self._decisions.append(decision)
        self._earlier.add(order)
        return decision

    def _record(self, arrival: _Arrival, order: Order, outcome: Intake.Outcome) -> Placement:
        asked = arrival.asking.order
        intake = Intake(
            source_key=arrival.asking.source_key,
            channel=asked.channel,
            account=arrival.account,
            po_number=asked.po_number,
            content_hash=arrival.digest,
            canonical=arrival.canonical,
            outcome=outcome,
            order=order,
            correlation_id=arrival.story,
        )
        self._intakes.append(intake)
        self._known[intake.source_key] = intake
        return Placement(order=order, outcome=outcome.value)


def _arrivals(askings: Sequence[Asking]) -> dict[str, _Arrival]:
    """By their keys. Raises UnknownAccount."""
    codes = {asking.order.account for asking in askings}
    accounts = {row.code: row for row in _ACCOUNTS(list(codes))} if codes else {}
    for code in codes - accounts.keys():
        raise UnknownAccount(f"no open account has the code {code}; nothing was placed", account=code)
    found: dict[str, _Arrival] = {}
    for code, account in accounts.items():
        own = [asking for asking in askings if asking.order.account == code]
        named = iter(items_named(account_id=account.pk, names=[line.items for a in own for line in a.order.lines]))
        for asking in own:
            items = [next(named) for _ in asking.order.lines]
            arrival = _Arrival(
                asking=asking,
                account=account,
                items=items,
                canonical=to_json(asking.order),
                digest=demand_hash(asking.order, account, items),
                story=asking.correlation_id or correlation_id(),
            )
            found.setdefault(asking.source_key, arrival)  # the first of a key counts, as it does later
    return found


def _may_be_new(arrival: _Arrival, earlier: EarlierOrders) -> bool:
    return not earlier.of(arrival.asking.order, arrival.account) or _repeats(arrival)


def _repeats(arrival: _Arrival) -> bool:
    """Whether its PO number may come again for another order."""
    agreed = action_for(policy_of(arrival.account.pk), "duplicate_po") == FindingAction.ACCEPT
    return arrival.asking.again or agreed


def _prepared(arrivals: Sequence[_Arrival]) -> dict[str, Prepared]:
    """What is settled of each, by their keys; the prices of all their items are read together."""
    if not arrivals:
        return {}
    now, found = database_now(), {}
    wanted: dict[UUID, set[int]] = {}
    for arrival in arrivals:
        prepared = prepare_order(
            order=arrival.asking.order, account=arrival.account, now=now, known=None, items=arrival.items
        )
        found[arrival.asking.source_key] = prepared
        wanted.setdefault(arrival.account.pk, set()).update(prepared.wanted)
    for account_id, item_ids in wanted.items():
        foresee_prices(account_id=account_id, item_ids=sorted(item_ids), on=site_day(now))
    return found


def _new_order(arrival: _Arrival, number: int, slot: int, at: dt.datetime) -> Order:
    """The order's row, not written yet. It was placed when what it is judged by was read: no decision is older."""
    asking, asked = arrival.asking, arrival.asking.order
    user = asking.placed_by
    return Order(
        number=number,
        account=arrival.account,
        channel=asked.channel,
        po_number=asked.po_number,
        # an order without a number takes a slot of its own: it must not collide with the next one without
        po_norm=normalise_po(asked.po_number) or f"NONE{arrival.story.hex}",
        po_part=part_of(asked),
        po_slot=slot,
        currency=asked.currency,
        ordered_on=asked.ordered_on,
        requested_on=asked.requested_on,
        cancel_after=asked.cancel_after,
        ship_complete=asked.ship_complete,
        canonical=arrival.canonical,
        content_hash=arrival.digest,
        placed_at=at,
        placed_by=user,
        placed_name=(asking.placed_name or (signed_name(user) if user else ""))[:120],
        correlation_id=arrival.story,
    )


def _open_duplicate_case(order: AskedOrder, account: Account, first: Order) -> None:
    open_case(
        kind="order.duplicate_po",
        code="duplicate_po",
        subject_type="order",
        subject_id=str(first.pk),
        sentence=f"PO {order.po_number} of {account.name} came again by {order.channel} "
        f"with other content than {first}",
        severity=3,
        queue="orders",
        **about(first),
        data={"first": str(first), "channel": order.channel, "canonical": to_json(order)},
    )
