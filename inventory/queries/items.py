"""Items by any of their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from uuid import UUID

from django.core.cache import cache
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from distportal.canonical.parts import ItemId
from distportal.common.among import Among, Overlaps
from distportal.common.errors import NotFound
from distportal.common.marks import A_KEY, MORE_TEXTS, SOME_IDS, SOME_TEXTS
from distportal.common.prepared import PreparedRows
from distportal.common.remembering import remembered
from inventory.choices import ItemStatus
from inventory.models import FeedCursor, Item, ItemCrossReference

_CODE_LIKE = {"sku", "vendor", "other", "manufacturer"}
BARCODES = {"upc", "gtin"}
_NEVER_ASKED = ("description", "created_at", "updated_at", "erp_version")
"""Long or slow to read, and of no use to those who look an item up by name."""


def _named(codes: list[str], upcs: list[str]) -> QuerySet[Item]:
    named = Q(Among("code_norm", codes, of=CharField())) | Q(Among("upc", upcs, of=CharField()))
    named |= Q(Overlaps("barcodes", upcs, of=CharField()))
    return Item.objects.filter(named).defer(*_NEVER_ASKED)


_NAMED = PreparedRows(_named, SOME_TEXTS, MORE_TEXTS)
_CODED = PreparedRows(
    lambda codes: Item.objects.filter(Among("code_norm", codes, of=CharField())).defer(*_NEVER_ASKED), SOME_TEXTS
)
_REFERENCES = PreparedRows(
    lambda account, codes: ItemCrossReference.objects.filter(
        Among("code_norm", codes, of=CharField()), account_id=account
    ).select_related("item"),
    A_KEY,
    SOME_TEXTS,
)


@lru_cache(maxsize=20_000)
def normalise_code(code: str) -> str:
    """Capitals, letters and digits only: `fst 10001` and `FST-10001` are one."""
    return "".join(c for c in code.upper() if c.isalnum())[:40]


def items_coded(text: str) -> QuerySet[Item]:
    """The items with that code of ours, however it is punctuated."""
    return Item.objects.filter(code_norm=normalise_code(text)).exclude(code_norm="").order_by()


_WITH_IDS = PreparedRows(lambda ids: Item.objects.filter(Among("pk", ids, of=BigIntegerField())).order_by(), SOME_IDS)


def items_with_ids(ids: Sequence[int]) -> dict[int, Item]:
    """Id -> the item, of those that are there; one query, none for none."""
    return {item.pk: item for item in _WITH_IDS(list(ids))} if ids else {}


def item_with_sku(sku: str) -> Item:
    """The item of exactly this SKU. Raises NotFound."""
    item = Item.objects.filter(sku=sku).first()
    if item is None:
        raise NotFound(_("There is no item %(sku)s.") % {"sku": sku}, sku=sku)
    return item


def items_named(*, account_id: UUID, names: Sequence[Sequence[ItemId]]) -> list[Item | None]:
    """The item of each set of names, in order, in two queries; an own SKU counts first, then UPC, then the buyer's
    code.
    """
    known = foresee_items(account_id=account_id, names=names)
    return [next((found[0] for found in _tries(ns, known) if len(found) == 1), None) for ns in names]


def foresee_items(*, account_id: UUID, names: Iterable[Sequence[ItemId]]) -> _Known:
    """What `items_named` asks of these names is read in two queries, for as long as facts are remembered."""
    codes, upcs = set[str](), set[str]()
    for n in chain.from_iterable(names):
        if n.qualifier in BARCODES:
            upcs.add(normalise_barcode(n.value))
        elif n.qualifier in _CODE_LIKE or n.qualifier == "buyer":
            codes.add(normalise_code(n.value))
    known = remembered(("inventory.items_named", account_id), _Known)
    known.learn(account_id, codes - {""}, upcs - {""})
    return known


def part_numbers_of(account_id: UUID, text: str = "") -> QuerySet[ItemCrossReference]:
    """The account's own numbers with their items, those that stand for several items first; found by either code."""
    rows = ItemCrossReference.objects.filter(account_id=account_id).select_related("item")
    rows = rows.only("code", "code_norm", "created_by", "item__sku", "item__name")
    codes = ItemCrossReference.objects.filter(account_id=account_id).order_by().values("code_norm")
    unclear = Q(code_norm__in=codes.annotate(items=Count("pk")).filter(items__gt=1).values("code_norm"))
    rows = rows.annotate(unclear=ExpressionWrapper(unclear, output_field=BooleanField()))
    if code := normalise_code(text):
        rows = rows.filter(Q(code_norm__startswith=code) | Q(item__code_norm__startswith=code))
    # only numbers that stand for several items need the item to be in order
    sku = Subquery(Item.objects.filter(pk=OuterRef("item_id")).values("sku"), output_field=CharField())
    return rows.order_by("-unclear", "code_norm", Case(When(unclear, then=sku), default=Value("")))


def own_numbers_of(*, account_id: UUID, item_ids: Collection[int]) -> dict[int, str]:
    """Item id -> the account's own number of it, the one that is used most; numbers that stand for several items are
    left out. One query.
    """
    twins = ItemCrossReference.objects.filter(account_id=account_id, code_norm=OuterRef("code_norm"))
    rows = ItemCrossReference.objects.filter(account_id=account_id, item_id__in=item_ids)
    rows = rows.exclude(Exists(twins.exclude(item_id=OuterRef("item_id")))).order_by("item_id", "-hits", "code")
    return dict(rows.distinct("item_id").values_list("item_id", "code"))


def items_meant(*, account_id: UUID, names: Sequence[ItemId]) -> list[Item]:
    """The items that names could mean where `items_named` gives none because one of them stands for several."""
    known = _Known()
    codes = {normalise_code(n.value) for n in names} - {""}
    known.learn(account_id, codes, {normalise_barcode(n.value) for n in names if n.qualifier in BARCODES} - {""})
    return next((found for found in _tries(names, known) if len(found) > 1), [])


class _Known:
    """Items by the names that were asked for so far; a name may stand for several."""

    def __init__(self) -> None:
        self.by_code: dict[str, dict[int, Item]] = {}
        self.by_upc: dict[str, dict[int, Item]] = {}
        self.by_buyer: dict[str, dict[int, Item]] = {}
        self._codes: set[str] = set()
        self._upcs: set[str] = set()

    def learn(self, account_id: UUID, codes: set[str], upcs: set[str]) -> None:
        """Two queries for what was not asked before, none where all was."""
        codes, upcs = codes - self._codes, upcs - self._upcs
        if not codes and not upcs:
            return
        self._codes |= codes
        self._upcs |= upcs
        for item in _NAMED(list(codes), list(upcs)) if upcs else _CODED(list(codes)):
            self.by_code.setdefault(item.code_norm, {})[item.pk] = item
            for barcode in (*item.barcodes, item.upc):
                if barcode:
                    self.by_upc.setdefault(barcode, {})[item.pk] = item
        for reference in _REFERENCES(account_id, list(codes)):
            self.by_buyer.setdefault(reference.code_norm, {})[reference.item_id] = reference.item


def _sold_first(found: Mapping[int, Item]) -> list[Item]:
    """What is discontinued gives way: an item and the one that replaced it often bear the same barcode."""
    going = [item for item in found.values() if item.status != ItemStatus.DISCONTINUED]
    return going if len(going) == 1 else list(found.values())


def _tries(names: Sequence[ItemId], known: _Known) -> Iterator[list[Item]]:
    """What each name stands for, in the order in which names count."""
    for n in names:
        if n.qualifier == "sku":
            yield _sold_first(known.by_code.get(normalise_code(n.value), {}))
    for n in names:
        if n.qualifier in BARCODES:
            yield _sold_first(known.by_upc.get(normalise_barcode(n.value), {}))
    for n in names:
        if n.qualifier == "buyer":
            yield _sold_first(known.by_buyer.get(normalise_code(n.value), {}))
    for n in names:
        if n.qualifier in _CODE_LIKE:
            yield _sold_first(known.by_code.get(normalise_code(n.value), {}))


@lru_cache(maxsize=20_000)
def normalise_barcode(value: str) -> str:
    """A GTIN-14 or EAN-13 with leading zeros is the UPC-12 inside it."""
    digits = "".join(c for c in value if c in "0123456789")
    return digits.lstrip("0").zfill(12) if digits else ""


def families() -> list[str]:
    """The families that have something to sell, by name; read from the cache until the ERP changes an item."""
    state = FeedCursor.objects.filter(kind="item").aggregate(sum=Sum("changes_applied"))["sum"]
    found: list[str] = cache.get_or_set(f"inventory:families:{state}", _families, timeout=3600) or []
    return found


def _families() -> list[str]:
    rows = Item.objects.exclude(ended()).order_by("family")
    return list(rows.values_list("family", flat=True).distinct())


def ended() -> Q:
    """Which items are discontinued and past their last day. What is sold while stock lasts is told as out of stock at
    the end, and is none of them.
    """
    going = Q(while_stock_lasts=True, last_order_on=None) | Q(last_order_on__gte=Now())
    return Q(status=ItemStatus.DISCONTINUED) & ~going
