"""The one way in for every order, whatever channel it came by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from distportal.accounts.choices import AccountStatus
from distportal.accounts.models import Account, User
from distportal.accounts.standing import signed_name
from distportal.canonical.base import content_hash, plain, to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine as AskedLine
from distportal.common.sequences import next_number
from distportal.observability.actor import actor_name
from distportal.observability.correlation import correlation_id
from exceptions.process.cases import open_case
from inventory.queries.items import items_named
from orders.choices import FindingAction, OrderStatus
from orders.errors import UnknownAccount
from orders.models import Intake, Order, OrderVersion
from orders.process.locks import lock_po
from orders.process.orchestration import decide_new_order
from orders.process.policy import action_for, policy_of

if TYPE_CHECKING:
    from inventory.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The order, and whether it is new (`placed`), was there already (`repeated`) or contradicts one (`conflict`)."""

    order: Order
    outcome: str


def place_order(
    *, order: AskedOrder, source_key: str, placed_by: User | None = None, placed_name: str = "", again: bool = False
) -> Placement:
    """The order is in, evaluated and on its way. The same `source_key` or the same PO with the same content gives the
    order that is there; the same PO with other content opens one case. With `again` the buyer was shown the orders of
    this PO and wants one more. Raises UnknownAccount.
    """
    for _ in range(3):
        try:
            return _place(order, source_key, placed_by, placed_name, again)
        except IntegrityError:
            continue  # another channel placed the same PO or key at this moment: look again and find it
    return _place(order, source_key, placed_by, placed_name, again)


@transaction.atomic
def _place(order: AskedOrder, source_key: str, placed_by: User | None, placed_name: str, again: bool) -> Placement:
    known = Intake.objects.filter(source_key=source_key).select_related("order").first()
    if known:
        return Placement(order=known.order, outcome="repeated" if known.outcome == "placed" else known.outcome)
    account = Account.objects.filter(code=order.account).exclude(status=AccountStatus.CLOSED).first()
    if account is None:
        raise UnknownAccount(f"no open account has the code {order.account}; nothing was placed", account=order.account)
    items = items_named(account_id=account.pk, names=[line.items for line in order.lines])
    digest, norm, part = demand_hash(order, account, items), normalise_po(order.po_number), part_of(order)
    if norm:
        lock_po(account, norm)
    same_po = _same_po(order, account, norm, part)
    earlier = list(same_po) if norm else []
    twin = None if again else next((o for o in earlier if o.content_hash == digest), None)
    if twin:
        return _record(order, source_key, account, digest, twin, Intake.Outcome.REPEATED)
    slot = 0
    if earlier:
        repeats = again or action_for(policy_of(account.id), "duplicate_po") == FindingAction.ACCEPT
        if not repeats or order.purpose == "duplicate":
            placement = _record(order, source_key, account, digest, earlier[0], Intake.Outcome.CONFLICT)
            _open_duplicate_case(order, account, earlier[0])
            return placement
        slot = (same_po.aggregate(last=Max("po_slot"))["last"] or 0) + 1
    row = _new_order(order, account, digest, (norm, part, slot), placed_by, placed_name)
    placement = _record(order, source_key, account, digest, row, Intake.Outcome.PLACED)
    decide_new_order(order=row, asked=order, items=items)
    return placement


def normalise_po(po_number: str) -> str:
    """The PO number as it is compared: capitals, letters and digits only."""
    return "".join(c for c in po_number.upper() if c.isalnum())


def part_of(order: AskedOrder) -> str:
    """The part of the PO as it is compared, "" for an order that is the whole PO."""
    return normalise_po(order.part)[:60]


def _same_po(order: AskedOrder, account: Account, norm: str, part: str) -> QuerySet[Order]:
    """What the order could be a second time of: the live orders of its PO and part, and the whole PO. What calls itself
    a duplicate (BEG01 07) is held against dead orders, too, for it must never become a second one.
    """
    rows = Order.objects.filter(account=account, po_norm=norm).order_by("po_slot")
    if part:
        rows = rows.filter(po_part__in=("", part))
    return rows if order.purpose == "duplicate" else rows.exclude(status__in=OrderStatus.DEAD)


def demand_hash(order: AskedOrder, account: Account, items: Sequence[Item | None]) -> str:
    """The hash of what is wanted, not of how it came: channel, date, notes, line numbers and the name that an item was
    called by are left out. `items` are those its lines name.
    """
    lines = sorted(
        [item.sku if item else _first_name(line), plain(line.quantity), line.unit]
        for line, item in zip(order.lines, items, strict=True)
    )
    return content_hash([account.code, normalise_po(order.po_number), lines])


def _first_name(line: AskedLine) -> str:
    return min((f"{name.qualifier}:{name.value}" for name in line.items), default="")


def _new_order(
    order: AskedOrder, account: Account, digest: str, key: tuple[str, str, int], user: User | None, name: str
) -> Order:
    norm, part, slot = key
    row = Order.objects.create(
        number=next_number("orders_order_number"),
        account=account,
        channel=order.channel,
        po_number=order.po_number,
        # an order without a number takes a slot of its own: it must not collide with the next one without
        po_norm=norm or f"NONE{correlation_id().hex}",
        po_part=part,
        po_slot=slot,
        currency=order.currency,
        ordered_on=order.ordered_on,
        requested_on=order.requested_on,
        cancel_after=order.cancel_after,
        ship_complete=order.ship_complete,
        canonical=to_json(order),
        content_hash=digest,
        placed_by=user,
        placed_name=(name or (signed_name(user) if user else ""))[:120],
        correlation_id=correlation_id(),
    )
    OrderVersion.objects.create(order=row, version=1, canonical=row.canonical, actor=actor_name(), reason="as received")
    return row


def _record(
    order: AskedOrder, source_key: str, account: Account, digest: str, row: Order, outcome: Intake.Outcome
) -> Placement:
    Intake.objects.create(
        source_key=source_key,
        channel=order.channel,
        account=account,
        po_number=order.po_number,
        content_hash=digest,
        canonical=row.canonical if outcome == Intake.Outcome.PLACED else to_json(order),
        outcome=outcome,
        order=row,
        correlation_id=correlation_id(),
    )
    return Placement(order=row, outcome=outcome.value)


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
        account=account,
        amount=first.total,
        data={"first": str(first), "channel": order.channel, "canonical": to_json(order)},
    )
