"""A cart as the rules see it now: price and promise of each line, what changed, and what will happen to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext

from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.sharing import shared_out
from distportal.common.money import show_price
from distportal.common.remembering import remembering
from distportal.events.clock import database_now
from orders.models import Draft, DraftLine
from orders.process.approvals.judging import Judged, judge_approval
from orders.process.cart_promises import last_day, promise_key, promised_parts
from orders.process.drafts import draft_order, lines_in_cart
from orders.process.evaluation import Evaluation, Verdict, amount_of, evaluate_order
from orders.process.foreseeing import Foreseen, foreseen_of, with_approval
from orders.process.judging_together import evaluate_together

WILL = "will"
"""Names in `Cart.seen` what was foreseen, beside the lines' ids."""
if TYPE_CHECKING:
    from inventory.queries.sourcing import Part
    from orders.process.rules import LineFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """One line with what the rules say of it; `parts` is how it would come, `changes` what is new since it came in."""

    line: DraftLine
    fact: LineFacts
    amount: Decimal
    verdicts: tuple[Verdict, ...]
    parts: tuple[Part, ...]
    changes: tuple[str, ...] = ()

    @property
    def price(self) -> Decimal | None:
        """Ours, per the line's unit."""
        return self.fact.our_price

    @property
    def promise(self) -> str:
        """What is promised, in a few characters."""
        return promise_key(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """All of it. `order` is the whole cart, `orders` what it becomes: one for each ship-to;
    `approval` says whose yes they need first.
    """

    draft: Draft
    order: AskedOrder
    orders: tuple[AskedOrder, ...]
    lines: tuple[CartLine, ...]
    evaluation: Evaluation
    foreseen: tuple[Foreseen, ...]
    approval: Judged

    @property
    def total(self) -> Decimal:
        """What the lines come to, before tax and freight."""
        return self.evaluation.facts.total

    @property
    def remarks(self) -> list[Verdict]:
        """What is to be said of the order as a whole."""
        return [verdict for verdict in self.evaluation.verdicts if not verdict.finding.line_no]

    @property
    def seen(self) -> str:
        """Price and promise of each line and what will happen, as a page keeps them to see later whether they hold."""
        lines = [f"{one.line.pk}:{one.price}:{one.promise}" for one in self.lines]
        return ";".join([*lines, f"{WILL}:{will_of(self.foreseen)}"])


def will_of(foreseen: Sequence[Foreseen]) -> str:
    """What was foreseen in a few characters: two that read alike say the same."""
    return "+".join(" ".join([one.kind, *one.why, one.who]).strip() for one in foreseen)


def look_at_cart(draft: Draft) -> Cart | None:
    """The cart now, None for an empty one. Its queries do not grow with its lines; each further ship-to adds some."""
    rows = lines_in_cart(draft)
    if not rows:
        return None
    with remembering():
        order = draft_order(draft, rows)
        whole = evaluate_order(order=_named(order), account=draft.account)
        orders = shared_out(order)
        # One order may be judged as it stands; of several each has a ship-to and a minimum of its own.
        named = (_named(one) for one in orders)
        judged = [whole] if len(orders) == 1 else evaluate_together(orders=named, account=draft.account)
        approval = judge_approval(
            account=draft.account, user=draft.user, evaluations=judged, total=whole.facts.total
        )  # fmt: skip
    parts = promised_parts(whole.facts)
    lines = tuple(
        _line(row, fact, whole, parts.get(fact.line.line_no, ()))
        for row, fact in zip(rows, whole.facts.lines, strict=True)
    )
    return Cart(
        draft=draft, order=order, orders=orders, lines=lines, evaluation=whole, approval=approval,
        foreseen=with_approval(foreseen_of(judged), needed=bool(approval.reasons), who=approval.who),
    )  # fmt: skip


def _named(order: AskedOrder) -> AskedOrder:
    """Judged by all the rules but the one for a PO number that is not typed yet: the page asks for it."""
    return replace(order, po_number=order.po_number or "DRAFT")


def _line(row: DraftLine, fact: LineFacts, evaluation: Evaluation, parts: tuple[Part, ...]) -> CartLine:
    verdicts = tuple(v for v in evaluation.verdicts if v.finding.line_no == fact.line.line_no)
    found = CartLine(line=row, fact=fact, amount=amount_of(fact), verdicts=verdicts, parts=parts)
    return replace(found, changes=tuple(_changes(row, found)))


def _changes(row: DraftLine, now: CartLine) -> list[str]:
    """Since the dealer was told last: the price, and when it comes; a first look has nothing to compare with."""
    if row.seen_at is None:
        return []
    found = []
    if now.price is not None and row.seen_price is not None and now.price != row.seen_price:
        currency = now.fact.item.currency if now.fact.item else ""
        found.append(
            gettext("The price was %(old)s, now it is %(new)s")
            % {"old": show_price(row.seen_price, currency), "new": show_price(now.price, currency)}
        )
    if row.seen_promise and row.seen_promise != now.promise[:200]:
        found.append(_moved(row.seen_promise, now))
    return found


def _moved(before: str, now: CartLine) -> str:
    all_now = "@" in now.promise and all(part.endswith("@now") for part in now.promise.split("+"))
    was_now = all(part.endswith("@now") for part in before.split("+"))
    if was_now and not all_now:
        return gettext("All of it was there when you put it in; now part of it has to come first")
    if all_now and not was_now:
        return gettext("All of it is there now")
    day = last_day(now.parts)
    said = date_format(day, "j M Y") if day else gettext("no date yet")
    return gettext("It comes on another day: %(day)s") % {"day": said}


def keep_seen(cart: Cart) -> None:
    """What the person is told for the first time of a line is what later changes are measured by."""
    _keep([one for one in cart.lines if one.line.seen_at is None])


def accept_changes(cart: Cart) -> None:
    """The person has read what changed: from now on that is what is known."""
    _keep([one for one in cart.lines if one.changes])


def _keep(lines: Sequence[CartLine]) -> None:
    if not lines:
        return
    at = database_now()
    for one in lines:
        one.line.seen_price, one.line.seen_promise, one.line.seen_at = one.price, one.promise[:200], at
    DraftLine.objects.bulk_update([one.line for one in lines], ["seen_price", "seen_promise", "seen_at"])
