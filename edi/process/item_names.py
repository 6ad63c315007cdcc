"""What a partner calls items, and we with it, where no order of its own says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from distportal.canonical.parts import ItemId, ItemQualifier
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.words import count_uses, words_of
from edi.choices import Direction
from edi.documents.items import ITEM_QUALIFIERS
from edi.models import TradingPartner
from edi.queries.agreements import terms
from edi.queries.words import words_scope
from inventory.queries.items import own_numbers_of

if TYPE_CHECKING:
    from inventory.models import Item

Names = Mapping[int, tuple[ItemId, ...]]


def item_names(*, partner: TradingPartner, account_id: UUID, set_id: str, items: Sequence[Item]) -> Names:
    """Item id -> its numbers: the partner's own, else the account's, then ours and the UPC, each under the first agreed
    qualifier of its kind; in a fixed number of queries. A number that means several items is not told.
    """
    agreed = terms(partner, Direction.OUT, set_id).item_qualifiers
    codes = {kind: _agreed(agreed, kind) for kind in ("buyer", "vendor", "upc")}
    numbers = _numbers(words_scope(partner), account_id, items)
    return {item.pk: tuple(_names(item, numbers.get(item.pk, ""), codes)) for item in items}


def _agreed(qualifiers: Sequence[str], kind: ItemQualifier) -> str:
    return next((code for code in qualifiers if ITEM_QUALIFIERS.get(code) == kind), "")


def _numbers(scope: str, account_id: UUID, items: Sequence[Item]) -> dict[int, str]:
    """The partner's own table counts before the account's numbers, as it does where the partner orders by them."""
    words = words_of(scope)
    table, meant = words.theirs.get(Kind.ITEM, {}), words.ours.get(Kind.ITEM, {})
    own = own_numbers_of(account_id=account_id, item_ids=[item.pk for item in items])
    count_uses(words, {(Kind.ITEM, table[item.sku]): 1 for item in items if item.sku in table})
    agreed = {item.pk: table[item.sku] for item in items if item.sku in table}
    skus = {item.pk: item.sku for item in items}
    return {pk: number for pk, number in own.items() if meant.get(number, skus[pk]) == skus[pk]} | agreed


def _names(item: Item, number: str, codes: Mapping[str, str]) -> list[ItemId]:
    theirs_first = [ItemId(qualifier="buyer", value=number, code=codes["buyer"])] if number else []
    upc = [ItemId(qualifier="upc", value=item.upc, code=codes["upc"])] if item.upc else []
    return [*theirs_first, *upc, ItemId(qualifier="sku", value=item.sku, code=codes["vendor"])]
