"""Submit a cart, once: what the page showed is what is ordered, or the person is asked again and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from distportal.canonical.base import plain
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.errors import Invalid, NotFound
from orders.models import ApprovalRequest, Draft, Order
from orders.process.approvals.asking import ask_approval
from orders.process.carts import WILL, Cart, CartLine, look_at_cart, will_of
from orders.process.drafts import lines_in_cart, note_placed, open_draft
from orders.process.foreseeing import button_words, said
from orders.process.intake import place_order
from orders.process.locks import lock_pos
from orders.process.po_check import PoCheck, check_po
from orders.process.same_po import demand_hash
from orders.queries.numbers import normalise_po

Outcome = Literal["placed", "repeated", "asked", "changed", "po_used", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What became of it. `placed` and `repeated` have `orders`, `asked` has the request for `approval` that waits for a
    colleague; the others placed nothing and kept the cart: `changed` has what `differs` from the page that was seen,
    `po_used` the orders of the PO number, `refused` says why not.
    """

    outcome: Outcome
    orders: tuple[Order, ...] = ()
    differs: tuple[str, ...] = ()
    po: PoCheck | None = None
    why: str = ""
    approval: ApprovalRequest | None = None


@transaction.atomic
def submit_cart(*, draft_id: UUID, account: Account, user: User, seen: str, again: bool = False) -> Submission:
    """The orders that the cart became, or why it was not submitted. `seen` is what the person's page showed
    (`Cart.seen`); with `again` they were shown the orders of their PO number and want one more. The same cart again
    gives the same orders, whatever else is said. Raises NotFound for a cart that is not theirs, Invalid for one that
    lacks something, NotAllowed for a person whose role does not include placing orders.
    """
    require_act(user=user, account_id=account.pk, act=Act.PLACE_ORDERS)
    draft = _locked(draft_id, account, user)
    if draft.order_id is not None:
        return Submission(outcome="repeated", orders=orders_of(draft))
    if draft.asked:
        return Submission(outcome="asked", approval=ApprovalRequest.objects.get(draft=draft))
    _check_complete(draft)
    lock_pos([(account.pk, normalise_po(draft.po_number))])
    cart = look_at_cart(draft)
    if cart is None:
        raise Invalid(gettext("The cart is empty; nothing was placed."))
    if differs := tuple(_differences(seen, cart)):
        return Submission(outcome="changed", differs=differs)
    if all(one.kind == "refused" for one in cart.foreseen):
        return Submission(outcome="refused", why=", ".join(_reasons(cart)))
    po = check_po(account=account, po_number=draft.po_number)
    if po.blocks or (not again and (po.asks or _ordered_before(cart, po))):
        return Submission(outcome="po_used", po=po)
    if cart.approval.reasons:
        return _ask(cart, user, again=again or bool(po.uses))
    return _place(cart, user, again=again or bool(po.uses))


def _ask(cart: Cart, user: User, *, again: bool) -> Submission:
    draft = cart.draft
    orders = [_frozen(one, cart) for one in cart.orders]
    request = ask_approval(
        judged=cart.approval, account=draft.account, orders=orders, source_key=_key(draft), user=user, draft=draft,
        again=again,
    )  # fmt: skip
    _go_on(draft, user)
    return Submission(outcome="asked", approval=request)


def orders_of(draft: Draft) -> tuple[Order, ...]:
    """The orders that a placed cart became, one for each ship-to, and those that they were split into since."""
    placed = Order.objects.filter(intakes__source_key__startswith=_key(draft), account=draft.account_id)
    story, po = placed.values("correlation_id"), placed.values("po_norm")
    rows = Order.objects.filter(account=draft.account_id, correlation_id__in=story, po_norm__in=po)
    return tuple(rows.select_related("ship_to", "account").order_by("number"))


def _locked(draft_id: UUID, account: Account, user: User) -> Draft:
    rows = Draft.objects.select_for_update(of=("self",), no_key=True).select_related("account", "ship_to")
    draft = rows.filter(pk=draft_id, account=account, user=user).first()
    if draft is None:
        raise NotFound(gettext("This cart is not there any more; nothing was placed."))
    return draft


def _check_complete(draft: Draft) -> None:
    if draft.account.po_required and not normalise_po(draft.po_number):
        raise Invalid(gettext("Your company orders under a PO number: enter one. The cart is as it was."))
    if draft.several:
        for line in lines_in_cart(draft):
            if sum((share.quantity for share in line.shares.all()), Decimal(0)) != line.quantity:
                said_of = {"item": line.item.sku, "quantity": plain(line.quantity), "unit": line.unit}
                raise Invalid(
                    gettext("%(item)s: say where all %(quantity)s %(unit)s of it go. The cart is as it was.") % said_of
                )
    elif draft.ship_to is None and not draft.one_off:
        raise Invalid(gettext("Say where the order goes. The cart is as it was."))


def _differences(seen: str, cart: Cart) -> Iterator[str]:
    """What the page showed against what holds now, line by line; at last what will happen to the order."""
    shown = {key: told for key, _, told in (one.partition(":") for one in seen.split(";") if one)}
    words = shown.pop(WILL, None)
    for one in cart.lines:
        known = shown.pop(str(one.line.pk), None)
        if known is None:
            yield gettext("%(item)s came into the cart") % {"item": one.line.item.sku}
        else:
            price, _, promise = known.partition(":")
            yield from _moved(one, price, promise)
    if shown:
        yield gettext("%(number)d lines are not in the cart any more") % {"number": len(shown)}
    if words != will_of(cart.foreseen):
        yield gettext("What will happen now: %(words)s") % {"words": button_words(cart.foreseen)}


def _moved(now: CartLine, price: str, promise: str) -> Iterator[str]:
    item = now.line.item
    if price != str(now.price):
        yield gettext("%(item)s: the price was %(old)s, now it is %(new)s") % {
            "item": item.sku, "old": price, "new": now.price,
        }  # fmt: skip
    if promise != now.promise:
        yield gettext("%(item)s: it comes otherwise than shown before") % {"item": item.sku}


def _reasons(cart: Cart) -> Iterator[str]:
    for code in dict.fromkeys(code for one in cart.foreseen for code in one.why):
        found = next((v.finding.message for v in cart.evaluation.verdicts if v.finding.code == code), said(code))
        yield found


def _ordered_before(cart: Cart, po: PoCheck) -> bool:
    """Whether the very same was ordered under this number: the intake would take it for the same order."""
    hashes = {use.content_hash for use in po.uses}
    items = {fact.line.line_no: fact.original or fact.item for fact in cart.evaluation.facts.lines}
    return bool(hashes) and any(
        demand_hash(order, cart.draft.account, [items[line.line_no] for line in order.lines]) in hashes
        for order in cart.orders
    )


def _place(cart: Cart, user: User, *, again: bool) -> Submission:
    placed = [
        place_order(
            order=order, source_key=_key(cart.draft) + order.part[:60], placed_by=user, again=again
        ).order
        for order in (_frozen(one, cart) for one in cart.orders)
    ]  # fmt: skip
    note_placed(draft=cart.draft, order=placed[0])
    _go_on(cart.draft, user)
    return Submission(outcome="placed", orders=tuple(placed))


def _frozen(order: AskedOrder, cart: Cart) -> AskedOrder:
    """The order at the prices that were shown: a later change of prices does not touch it."""
    prices = {one.fact.line.line_no: one.price for one in cart.lines if one.fact.original is None}
    return replace(order, lines=tuple(replace(line, unit_price=prices.get(line.line_no)) for line in order.lines))


def _go_on(draft: Draft, user: User) -> None:
    """What was put aside, and rows of a quick order with problems, stay with the person in a new cart."""
    later, rows = draft.lines.filter(later=True), draft.quick_rows.all()
    if later.exists() or rows.exists():
        fresh = open_draft(account=draft.account, user=user)
        later.update(draft=fresh)
        rows.update(draft=fresh)


def _key(draft: Draft) -> str:
    return f"portal:{draft.pk}:"
