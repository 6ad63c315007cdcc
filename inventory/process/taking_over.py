"""What the portal follows moves from one ERP's facts to another's: nothing is asked of anybody, all has been read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import Max, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from distportal.accounts.models import Account
from distportal.systems.erp.port import Change, FeedKind
from distportal.systems.ownership import DEFAULT
from inventory.models import ErpFact, Item, Price, StockLevel
from inventory.process.applying import apply_customers, apply_items, apply_prices, apply_stock
from inventory.process.live.news import tell_news
from inventory.process.owned import owned_changes
from inventory.process.standing import LONG_AGO

PIECE = 5000
_APPLY: dict[FeedKind, Callable[..., object]] = {
    "item": apply_items,
    "customer": apply_customers,
    "price": apply_prices,
    "stock": apply_stock,
}


@transaction.atomic
def take_over_items(*, skus: Collection[str], to: str) -> None:
    """Items, their stock and prices are as the connection `to` said last; stock that it does not have is nothing.

    Call it with the new decisions written and ownership held to change it, the stock rows locked.
    """
    items = Item.objects.filter(sku__in=skus).exclude(erp=to)
    ids = list(items.values_list("pk", flat=True))
    Item.objects.filter(pk__in=ids).update(
        erp=to, erp_version="", erp_code=Concat(Value("moved:"), Cast("pk", Item._meta.get_field("sku")))
    )
    # A contract of an account that was moved goes with the account.
    Price.objects.filter(Q(account=None) | Q(account__erp=DEFAULT), item_id__in=ids).exclude(erp=to).delete()
    _apply(to, ("item", "price", "stock"), Q(sku__in=list(skus)))
    _nothing_else(StockLevel.objects.filter(item_id__in=ids), to)


@transaction.atomic
def take_over_warehouse(*, code: str, to: str) -> None:
    """As `take_over_items` of all stock in the warehouse, but for items that were moved themselves."""
    _apply(to, ("stock",), Q(warehouse=code))
    _nothing_else(StockLevel.objects.filter(warehouse__code=code, item__erp=DEFAULT), to)


@transaction.atomic
def take_over_accounts(*, codes: Collection[str], to: str) -> None:
    """Accounts have the credit figures and contracts that the connection `to` told last."""
    Account.objects.filter(code__in=codes).exclude(erp=to).update(erp=to, credit_as_of=None, erp_version="")
    Price.objects.filter(account__code__in=codes).exclude(erp=to).delete()
    _apply(to, ("customer", "price"), Q(account__in=list(codes)))


def facts_of(*, connection: str, kinds: Sequence[FeedKind], about: Q) -> Iterator[list[Change]]:
    """The connection's live facts of these kinds in turn, in pieces, as its feed would tell them."""
    for kind in kinds:
        rows = ErpFact.objects.filter(about, connection=connection, kind=kind, deleted=False).order_by("pk")
        piece: list[Change] = []
        for row in rows.iterator(chunk_size=PIECE):
            piece.append(_change(row, kind))
            if len(piece) >= PIECE:
                yield piece
                piece = []
        if piece:
            yield piece


def _apply(to: str, kinds: Sequence[FeedKind], about: Q) -> None:
    for piece in facts_of(connection=to, kinds=kinds, about=about):
        kind = piece[0].kind
        ours = owned_changes(kind, piece, of=to)
        _APPLY[kind](ours, erp=to)
        tell_news(kind, ours, connection=to)


def _nothing_else(rows: QuerySet[StockLevel], to: str) -> None:
    """As of the newest that the ERP has told of stock, by its own clock, it has no such stock: what it tells later of
    this is newer, which the stamp of the other ERP's clock would not have to be.
    """
    told = ErpFact.objects.filter(connection=to, kind="stock").aggregate(newest=Max("occurred_at"))["newest"]
    rows.exclude(erp=to).update(
        erp=to, on_hand=0, available=0, supply_on=None, supply_quantity=0, supplies=[], lots=[], erp_version="",
        as_of=told or LONG_AGO,
    )  # fmt: skip


def _change(row: ErpFact, kind: FeedKind) -> Change:
    return Change(kind=kind, erp_id=row.erp_id, version=row.version, occurred_at=row.occurred_at, payload=row.payload)


_HOLD_AGAIN = """
UPDATE inventory_reservation r
   SET state = 'held', ended_at = NULL, erp_allocated_at = NULL, updated_at = now(),
       quantity = LEAST(r.quantity, w.quantity)
  FROM (SELECT DISTINCT ON (last.demand_ref, last.warehouse_id, last.due_on) last.id, owed.quantity
          FROM unnest(%(refs)s::text[], %(quantities)s::numeric[]) AS owed (ref, quantity)
          JOIN inventory_reservation last ON last.demand_ref = owed.ref AND last.state IN ('held', 'seen')
         WHERE last.item_id = ANY(%(items)s) AND (%(warehouse)s = '' OR last.warehouse_id IN (
               SELECT id FROM inventory_warehouse WHERE code = %(warehouse)s))
         ORDER BY last.demand_ref, last.warehouse_id, last.due_on, last.state = 'held' DESC, last.ended_at DESC) w
 WHERE r.id = w.id
"""


@transaction.atomic
def hold_again(*, owed: Sequence[tuple[str, Any]], item_ids: Collection[int], warehouse: str = "") -> int:
    """How many promises count again: the new ERP's figures do not know of orders that stay with the old one. `owed` are
    demand references with the base quantity that has not left yet.
    """
    with database.cursor() as cursor:
        cursor.execute(
            _HOLD_AGAIN,
            {
                "refs": [ref for ref, _ in owed],
                "quantities": [quantity for _, quantity in owed],
                "items": list(item_ids),
                "warehouse": warehouse,
            },
        )
        held: int = cursor.rowcount
    return held


@transaction.atomic
def let_go_with_figures(*, refs: Sequence[str], at: Sequence[dt.datetime]) -> None:
    """These demands are in the ERP whose figures count from now on: they end as its figures include them."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_reservation r SET erp_allocated_at = t.at FROM unnest(%s::text[], %s::timestamptz[])"
            " AS t (ref, at) WHERE r.demand_ref = t.ref AND r.state = 'held' AND r.erp_allocated_at IS NULL",
            [list(refs), list(at)],
        )
