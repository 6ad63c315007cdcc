"""Look at an order with the eyes of every rule: reads only, so it also serves the dry run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db.models import Sum

from distportal.accounts.models import Account, ShipTo
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine
from distportal.common.marks import A_KEY, ANOTHER_KEY
from distportal.common.money import to_cents
from distportal.common.prepared import PreparedRows, PreparedValues
from distportal.common.remembering import remembered
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from inventory.queries.availability import Availability, availability_of
from inventory.queries.items import items_meant, items_named
from inventory.queries.packs import base_of
from inventory.queries.prices import PriceQuote, prices_for
from inventory.queries.restrictions import restrictions_on
from inventory.queries.substitutes import Substitute
from orders.choices import FindingAction, OrderStatus
from orders.models import Order
from orders.process.dropping import dropped_short
from orders.process.fitting import ROUNDING, Misfit, fitted_line
from orders.process.policy import Policies, policies_of
from orders.process.routing import Need, Route, only_of, route_order
from orders.process.rules import RULES, Facts, Finding, LineFacts
from orders.process.split import least_part, split_of
from orders.process.substituting import CODE, substitutes_for, taken_item

if TYPE_CHECKING:
    from inventory.models import Item


class StockReader(Protocol):
    """Availability by item id."""

    def __call__(self, *, item_ids: Collection[int], shelf_life: int | None = None) -> dict[int, Availability]: ...


_WEIGHT = list(FindingAction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A finding with what the policy makes of it."""

    finding: Finding
    action: FindingAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All facts and verdicts of one version of an order."""

    facts: Facts
    verdicts: tuple[Verdict, ...]
    policies: Policies

    def action_of_line(self, line_no: str) -> FindingAction:
        """The weightiest action on one line."""
        actions = [v.action for v in self.verdicts if v.finding.line_no == line_no]
        return max(actions, key=_WEIGHT.index, default=FindingAction.ACCEPT)

    def reason_of_line(self, line_no: str) -> str:
        """The code of the finding that decided the line; empty where none did."""
        action = self.action_of_line(line_no)
        codes = [v.finding.code for v in self.verdicts if v.finding.line_no == line_no and v.action == action]
        return codes[0] if codes else ""

    @property
    def status(self) -> OrderStatus:
        """Rejected, held or accepted as a whole; only received where nothing but a split by ERP stands in its way. An
        order of which every line is rejected is rejected.
        """
        if any(v.action == FindingAction.REJECT_ORDER for v in self.verdicts):
            return OrderStatus.REJECTED
        if any(v.action == FindingAction.HOLD for v in self.verdicts):
            return OrderStatus.HELD
        lines = [self.action_of_line(f.line.line_no) for f in self.facts.lines]
        if lines and all(action == FindingAction.REJECT for action in lines):
            return OrderStatus.REJECTED
        return OrderStatus.RECEIVED if FindingAction.SPLIT in lines else OrderStatus.ACCEPTED


@dataclass(frozen=True, slots=True)
class _Taken:
    """A line as it is taken, before prices and stock are read."""

    line: OrderLine
    item: Item | None
    base: Decimal | None
    misfit: Misfit | None
    original: Item | None
    substitute: Substitute | None
    dropped: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An order with all that is settled of it; what the order's own row says is `known`. Stock and credit are not read
    yet: `wanted` says of which items, base quantity by item id.
    """

    order: AskedOrder
    account: Account
    known: Order | None
    policies: Policies
    taken: tuple[_Taken, ...]
    wanted: Mapping[int, Decimal]
    read_at: dt.datetime


def evaluate_order(
    *,
    order: AskedOrder,
    account: Account,
    exclude_order: Order | None = None,
    items: Sequence[Item | None] | None = None,
    stock_of: StockReader = availability_of,
    besides: Decimal = Decimal(0),
) -> Evaluation:
    """The evaluation of what is asked, against facts read now. `exclude_order`: its own row, on a second look; `items`:
    those of the lines, where the caller has just looked them up; `stock_of`: how stock is read; `besides`: what
    orders that are placed just before it will take of the account's credit.
    """
    prepared = prepare_order(order=order, account=account, known=exclude_order, items=items, now=database_now())
    stock = stock_of(item_ids=list(prepared.wanted), shelf_life=account.least_shelf_life)
    return judge_order(prepared, stock=stock, exposure=exposure_of(account, exclude=exclude_order) + besides)


def prepare_order(
    *, order: AskedOrder, account: Account, now: dt.datetime, known: Order | None, items: Sequence[Item | None] | None
) -> Prepared:
    """The order as its lines are taken, before stock is looked at. `known` is its own row, where there is one; `items`
    those of the lines, where the caller has just looked them up.
    """
    if items is None:
        items = items_named(account_id=account.id, names=[line.items for line in order.lines])
    policies = policies_of(account.id)
    others = substitutes_for(order.lines, items, today=site_day(now))
    taken = tuple(_taken(*one, policies) for one in zip(order.lines, items, others, strict=True))
    return Prepared(
        order=order,
        account=account,
        known=known,
        policies=policies,
        taken=taken,
        wanted=_wanted(taken),
        read_at=now,
    )


def judge_order(prepared: Prepared, *, stock: Mapping[int, Availability], exposure: Decimal) -> Evaluation:
    """What the rules say of it. `stock` is the availability of what is wanted, `exposure` what is open of the account
    besides this order.
    """
    policies = prepared.policies
    facts = _facts(prepared, stock, exposure)
    verdicts = tuple(
        Verdict(finding=finding, action=_action(policies, finding)) for rule in RULES for finding in rule(facts)
    )
    return Evaluation(facts=facts, verdicts=verdicts, policies=policies)


def _action(policies: Policies, finding: Finding) -> FindingAction:
    """What the policy says; what cannot be rounded, split or substituted, though it says so, is held for a person."""
    action = policies.action_for(finding.code)
    if action == FindingAction.SPLIT:
        return action if finding.data.get("divisible") else FindingAction.HOLD
    if action == FindingAction.SUBSTITUTE and finding.code != CODE:
        return FindingAction.HOLD
    return FindingAction.HOLD if action in ROUNDING and not finding.data.get("taken") else action


def _facts(prepared: Prepared, stock: Mapping[int, Availability], exposure: Decimal) -> Facts:
    order, account, policies, today = prepared.order, prepared.account, prepared.policies, site_day(prepared.read_at)
    quotes = prices_for(account_id=account.id, wanted=prepared.wanted, on=today)
    route = _route(account, prepared.taken, stock, prepared.known)
    stock = {item_id: only_of(known, route.erp) for item_id, known in stock.items()}
    taken = prepared.taken
    lines_taken = [(one.line, one.item, one.base) for one in taken]
    cut = dropped_short(lines_taken, stock, policies, wanted_on=order.requested_on)
    if cut:
        taken = tuple(replace(one, **cut[n]) if n in cut else one for n, one in enumerate(taken))
        quotes = prices_for(account_id=account.id, wanted=_wanted(taken), on=today)
    lines = tuple(_line_facts(one, account, quotes, stock) for one in taken)
    return Facts(
        order=order,
        account=account,
        ship_to=_ship_to(order, account),
        lines=lines,
        read_at=prepared.read_at,
        today=today,
        total=sum((amount_of(fact) for fact in lines), Decimal(0)),
        open_exposure=exposure,
        price_tolerance=policies.price_tolerance,
        order_minimum=policies.figure("order_minimum", "amount"),
        split=split_of(policies),
        least_part=least_part(policies),
        route=route,
        restrictions=restrictions_on(one.item for one in taken if one.item is not None),
    )


def _taken(line: OrderLine, asked: Item | None, substitute: Substitute | None, policies: Policies) -> _Taken:
    item, original = taken_item(asked, substitute, policies.actions)
    line, misfit = fitted_line(line, item, policies.actions)
    base = base_of(item, line.quantity, line.unit) if item is not None else None
    return _Taken(line, item, base, misfit, original, substitute)


def _line_facts(
    one: _Taken, account: Account, quotes: Mapping[int, PriceQuote], stock: Mapping[int, Availability]
) -> LineFacts:
    return LineFacts(
        line=one.line,
        item=one.item,
        base_quantity=one.base,
        quote=quotes.get(one.item.pk) if one.item else None,
        availability=stock.get(one.item.pk) if one.item else None,
        misfit=one.misfit,
        original=one.original,
        substitute=one.substitute,
        candidates=_candidates(account, one),
        dropped=one.dropped,
    )


def _candidates(account: Account, one: _Taken) -> tuple[str, ...]:
    """What the names of a line could mean; looked up only where they mean no one item."""
    if one.item is not None:
        return ()
    return tuple(item.sku for item in items_meant(account_id=account.pk, names=one.line.items))


def _wanted(taken: Sequence[_Taken]) -> dict[int, Decimal]:
    """Base quantity by item id, of the whole PO where the order is a part of it: prices go by that."""
    wanted: dict[int, Decimal] = {}
    for one in taken:
        if one.item is not None and one.base is not None:
            line = one.line
            whole = one.base if line.po_quantity is None else one.base / line.quantity * line.po_quantity
            wanted[one.item.pk] = wanted.get(one.item.pk, Decimal(0)) + whole
    return wanted


def _route(account: Account, taken: Sequence[_Taken], stock: Mapping[int, Availability], known: Order | None) -> Route:
    needs = [
        Need(line_no=one.line.line_no, item=one.item, quantity=one.base)
        for one in taken
        if one.item is not None and one.base is not None
    ]
    return route_order(account=account, needs=needs, stock=stock, given=known.erp if known else "")


def amount_of(fact: LineFacts) -> Decimal:
    """What the line comes to, in cents: at the buyer's price where stated, else at ours."""
    price = agreed_price(fact)
    return to_cents(price * fact.line.quantity) if price is not None else Decimal(0)


def agreed_price(fact: LineFacts) -> Decimal | None:
    """The price per unit that goes to the ERP; a stated price within tolerance stays as stated."""
    return fact.price


_PLACES = PreparedRows(lambda pk: ShipTo.objects.filter(account=pk, active=True))


def _ship_to(order: AskedOrder, account: Account) -> ShipTo | None:
    code = order.ship_to.code.strip()
    if not code:
        return None
    places = remembered(("orders.ship_tos", account.pk), lambda: _PLACES(account.pk))
    return next((p for p in places if code in (p.code, p.buyer_code)), None)


_NO_ORDER = UUID(int=0)
_EXPOSURE = PreparedValues(
    lambda pk, order: (
        Order.objects.filter(account=pk, status__in=(OrderStatus.ACCEPTED, OrderStatus.CONFIRMED))
        .exclude(pk=order)
        .order_by()
        .values("account")
        .annotate(sum=Sum("total"))
        .values_list("sum")
    ),
    A_KEY,
    ANOTHER_KEY,
)


def exposure_of(account: Account, *, exclude: Order | None = None) -> Decimal:
    """What was ordered and the ERP's balance cannot include yet."""
    [(total,)] = _EXPOSURE(account.pk, exclude.pk if exclude else _NO_ORDER) or [(Decimal(0),)]
    return Decimal(total)
