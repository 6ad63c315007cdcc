"""A catalogue in numbers: codes of several kinds, names of a few hundred words, own numbers and contract prices."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from distportal.accounts.choices import AccountKind
from distportal.accounts.models import Account
from inventory.models import FeedCursor, Item, ItemCrossReference, Price, StockLevel, Warehouse
from inventory.process.words import learn_words
from inventory.queries.items import normalise_code

FAMILIES = ("Fasteners", "Plumbing", "Electrical", "Hand tools", "Safety", "Abrasives", "Hydraulics", "Bearings")
MADE_OF = (
    "Brass",
    "Stainless",
    "Zinc plated",
    "Galvanized",
    "Nylon",
    "PVC",
    "Copper",
    "Carbon steel",
    "Bronze",
    "Chrome",
)
KINDS = (
    "hex bolt", "ball valve", "claw hammer", "safety goggle", "flap disc", "pipe elbow", "wire connector",
    "lock washer", "socket wrench", "check valve", "work glove", "conduit clamp", "thread sealant", "bearing housing",
    "hose fitting",
    "drill bit", "cable tie", "angle grinder", "gate valve", "machine screw", "wall anchor", "pressure gauge",
    "grease gun", "torque wrench", "junction box", "compression union", "cutting wheel", "ear plug", "shaft collar",
)  # fmt: skip
EXTRAS = (
    "heavy duty",
    "low profile",
    "fine thread",
    "with washer",
    "industrial",
    "marine grade",
    "left hand",
    "sealed",
)


def found_catalogue(items: int, *, own_numbers: int = 5_000) -> Account:
    """So many items with stock in two warehouses, and the account that has own numbers and contract prices for some."""
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = 0")  # on a busy machine the rows are made slowly
    account = Account.objects.create(code="BENCH", name="Bench Hardware", kind=AccountKind.DEALER)
    rows = Item.objects.bulk_create(_items(items), batch_size=5_000)
    places = Warehouse.objects.bulk_create(Warehouse(code=code, name=code.title()) for code in ("EAST", "WEST"))
    StockLevel.objects.bulk_create(
        (
            StockLevel(item=item, warehouse=place, on_hand=Decimal(9), available=Decimal(item.pk % 3), as_of=item.as_of)
            for item in rows
            for place in places
        ),
        batch_size=5_000,
    )
    some = rows[:: max(items // own_numbers, 1)]
    ItemCrossReference.objects.bulk_create(
        ItemCrossReference(account=account, item=item, code=f"B {n:06d}", code_norm=f"B{n:06d}")
        for n, item in enumerate(some)
    )
    Price.objects.bulk_create(
        Price(
            item=item, account=account, contract="C-1", unit_price=Decimal("1.25"), valid_from="2020-01-01",
            as_of=item.as_of, erp_id=f"c{item.pk}",
        )
        for item in some
    )  # fmt: skip
    learn_words(f"{made} {kind} {extra}" for made in MADE_OF for kind in KINDS for extra in EXTRAS)
    for kind in ("item", "stock", "price", "customer"):
        FeedCursor.objects.create(kind=kind, read_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return account


def _items(items: int) -> Iterator[Item]:
    now, chance = timezone.now(), random.Random(7)
    for n in range(items):
        sku, kind = _sku(n), KINDS[n * 7 % len(KINDS)]
        size = f"{chance.randrange(1, 16)}/{chance.choice((2, 4, 8, 16))} in"
        name = f"{MADE_OF[n % len(MADE_OF)]} {kind} {size}, {chance.choice(EXTRAS)}, {chance.randrange(2, 200)} pack"
        yield Item(
            sku=sku, code_norm=normalise_code(sku), erp_code=f"M{n}", upc=f"8{n:011d}", name=name,
            family=FAMILIES[n % len(FAMILIES)], pack_size=Decimal(12), list_price=Decimal("1.50"), as_of=now,
        )  # fmt: skip


def _sku(n: int) -> str:
    shape = n % 4
    if shape == 0:
        return f"FST-{100_000 + n}"
    if shape == 1:
        return f"{KINDS[n % len(KINDS)][:2].upper()}-{n % 97:02d}-{n:05d}-SS"
    if shape == 2:
        return f"{n % 10}M-{8000 + n}.{n % 7}"
    return f"NL{n:07d}"
