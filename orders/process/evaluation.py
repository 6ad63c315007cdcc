"""Look at an order with the eyes of every rule: reads only, so it also serves the dry run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from django.db.models import Sum

from distportal.accounts.models import Account, ShipTo
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.errors import Invalid
from distportal.common.money import to_cents
from distportal.common.remembering import remembered
from distportal.common.units import to_base
from distportal.events.clock import database_now
from inventory.queries.availability import Availability, availability_of
from inventory.queries.items import items_named
from inventory.queries.prices import prices_for
from orders.choices import FindingAction, OrderStatus
from orders.models import Order
from orders.process.policy import action_for, policy_of, price_tolerance_of
from orders.process.rules import RULES, Facts, Finding, LineFacts

if TYPE_CHECKING:
    from inventory.models import Item


class StockReader(Protocol):
    """Availability by item id."""

    def __call__(self, *, item_ids: Collection[int]) -> dict[int, Availability]: ...


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
        """Rejected, held or accepted as a whole. An order of which every line is rejected is rejected."""
        if any(v.action == FindingAction.REJECT_ORDER for v in self.verdicts):
            return OrderStatus.REJECTED
        if any(v.action == FindingAction.HOLD for v in self.verdicts):
            return OrderStatus.HELD
        lines = [self.action_of_line(f.line.line_no) for f in self.facts.lines]
        if lines and all(action == FindingAction.REJECT for action in lines):
            return OrderStatus.REJECTED
        return OrderStatus.ACCEPTED


def evaluate_order(
    *,
    order: AskedOrder,
    account: Account,
    exclude_order: Order | None = None,
    items: Sequence[Item | None] | None = None,
    stock_of: StockReader = availability_of,
) -> Evaluation:
    """The evaluation of what is asked, against facts read now. `exclude_order`: its own row, on a second look; `items`:
    those of the lines, where the caller has just looked them up; `stock_of`: how stock is read.
    """
    if items is None:
        items = items_named(account_id=account.id, names=[line.items for line in order.lines])
    facts = _facts(order, account, exclude_order, items, stock_of)
    policy = policy_of(account.id)
    verdicts = tuple(
        Verdict(finding=finding, action=action_for(policy, finding.code)) for rule in RULES for finding in rule(facts)
    )
    return Evaluation(facts=facts, verdicts=verdicts)


def _facts(
    order: AskedOrder,
    account: Account,
    exclude: Order | None,
    items: Sequence[Item | None],
    stock_of: StockReader,
) -> Facts:
    now = database_now()
    bases = [_base(item, line.quantity, line.unit) for item, line in zip(items, order.lines, strict=True)]
    wanted: dict[int, Decimal] = {}
    for item, base, line in zip(items, bases, order.lines, strict=True):
        if item is not None and base is not None:
            whole = base if line.po_quantity is None else base / line.quantity * line.po_quantity
            wanted[item.pk] = wanted.get(item.pk, Decimal(0)) + whole
    quotes = prices_for(account_id=account.id, wanted=wanted, on=now.date())
    stock = stock_of(item_ids=list(wanted))
    lines = tuple(
        LineFacts(
            line=line,
            item=item,
            base_quantity=base,
            quote=quotes.get(item.pk) if item else None,
            availability=stock.get(item.pk) if item else None,
        )
        for line, item, base in zip(order.lines, items, bases, strict=True)
    )
    total = sum((amount_of(fact) for fact in lines), Decimal(0))
    return Facts(
        order=order,
        account=account,
        ship_to=_ship_to(order, account),
        lines=lines,
        read_at=now,
        today=now.date(),
        total=total,
        open_exposure=_exposure(account, exclude),
        price_tolerance=price_tolerance_of(account.id),
    )


def amount_of(fact: LineFacts) -> Decimal:
    """What the line comes to, in cents: at the buyer's price where stated, else at ours."""
    price = agreed_price(fact)
    return to_cents(price * fact.line.quantity) if price is not None else Decimal(0)


def agreed_price(fact: LineFacts) -> Decimal | None:
    """The price per unit that goes to the ERP; a stated price within tolerance stays as stated."""
    return fact.line.unit_price if fact.line.unit_price is not None else fact.our_price


def _base(item: Item | None, quantity: Decimal, unit: str) -> Decimal | None:
    if item is None:
        return None
    try:
        return to_base(
            quantity, unit=unit, base_unit=item.base_unit, pack_unit=item.pack_unit, pack_size=item.pack_size
        )
    except Invalid:
        return None


def _ship_to(order: AskedOrder, account: Account) -> ShipTo | None:
    code = order.ship_to.code.strip()
    if not code:
        return None
    places = remembered(
        ("orders.ship_tos", account.pk), lambda: list(ShipTo.objects.filter(account=account, active=True))
    )
    return next((p for p in places if code in (p.code, p.buyer_code)), None)


def _exposure(account: Account, exclude: Order | None) -> Decimal:
    """What was ordered and the ERP's balance cannot include yet."""
    rows = Order.objects.filter(account=account, status__in=(OrderStatus.ACCEPTED, OrderStatus.CONFIRMED))
    if exclude is not None:
        rows = rows.exclude(pk=exclude.pk)
    return rows.aggregate(sum=Sum("total"))["sum"] or Decimal(0)
