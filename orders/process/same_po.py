"""Which orders a PO could be a second time of, and how numbers and contents are compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import CharField, QuerySet, UUIDField

from distportal.accounts.models import Account
from distportal.canonical.base import content_hash, plain
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine as AskedLine
from distportal.common.among import Among
from distportal.common.marks import SOME_KEYS, SOME_TEXTS
from distportal.common.prepared import PreparedRows
from orders.choices import OrderStatus
from orders.models import Order
from orders.process.locks import lock_pos
from orders.queries.numbers import normalise_po

if TYPE_CHECKING:
    from inventory.models import Item


def _of_pos(accounts: list[UUID], numbers: list[str]) -> QuerySet[Order]:
    wanted = Among("account_id", accounts, of=UUIDField()), Among("po_norm", numbers, of=CharField())
    return Order.objects.filter(*wanted).order_by("po_slot")


_OF_POS = PreparedRows(_of_pos, SOME_KEYS, SOME_TEXTS)
_ALIVE_OF_POS = PreparedRows(
    lambda accounts, numbers: _of_pos(accounts, numbers).exclude(status__in=OrderStatus.DEAD), SOME_KEYS, SOME_TEXTS
)


class EarlierOrders:
    """The orders of some POs, (account id, number as it is compared), and those that are made of them meanwhile. The
    POs stay locked until commit: nobody else places an order of them.
    """

    def __init__(self, keys: Collection[tuple[UUID, str]], *, also_dead: bool) -> None:
        lock_pos(keys)
        self._orders: dict[tuple[UUID, str], list[Order]] = {key: [] for key in keys}
        accounts, numbers = {account for account, _ in keys}, {norm for _, norm in keys}
        rows = _OF_POS if also_dead else _ALIVE_OF_POS
        for row in rows(list(accounts), list(numbers)) if keys else ():
            if (row.account_id, row.po_norm) in self._orders:
                self._orders[row.account_id, row.po_norm].append(row)

    def of(self, order: AskedOrder, account: Account) -> list[Order]:
        """What the order could be a second time of: the live orders of its PO and part, and the whole PO; nothing for
        one without a number. What calls itself a duplicate (BEG01 07) is held against dead orders, too, for it must
        never become a second one.
        """
        part = part_of(order)
        return [
            row
            for row in self._orders.get((account.pk, normalise_po(order.po_number)), ())
            if (not part or row.po_part in ("", part))
            and (order.purpose == "duplicate" or row.status not in OrderStatus.DEAD)
        ]

    def add(self, order: Order) -> None:
        """This one was made just now."""
        if (order.account_id, order.po_norm) in self._orders:
            self._orders[order.account_id, order.po_norm].append(order)


def part_of(order: AskedOrder) -> str:
    """The part of the PO as it is compared, "" for an order that is the whole PO."""
    return normalise_po(order.part)[:60]


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
