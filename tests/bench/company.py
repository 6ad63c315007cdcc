"""A company to measure on: 200 items with contract prices in three warehouses, one partner, files of 20-line 850s."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.utils import timezone

from distportal.accounts.models import Account
from distportal.accounts.seeds import seed_accounts
from edi.models import TradingPartner
from edi.seeds import partner_file, seed_partner
from edi.x12.tokens import Elements
from inventory.models import FeedCursor, Item, Price, StockLevel, Warehouse
from inventory.queries.items import normalise_code

ITEMS, LINES = 200, 20
WAREHOUSES = ("EAST", "MID", "WEST")


def found_company() -> TradingPartner:
    """The partner whose orders are all accepted: every item is stocked, every price is the contract's."""
    seed_accounts()
    now = timezone.now()
    account = Account.objects.get(code="CRESTLINE")
    account.credit_as_of, account.credit_limit = now, Decimal(10**9)
    account.save()
    items = Item.objects.bulk_create(
        Item(
            sku=sku(n), code_norm=normalise_code(sku(n)), erp_code=f"M{n}", upc=upc(n), name=f"Hex bolt no. {n}",
            family="Fasteners", pack_size=Decimal(12), list_price=Decimal("1.50"), as_of=now,
        )
        for n in range(ITEMS)
    )  # fmt: skip
    places = Warehouse.objects.bulk_create(Warehouse(code=code, name=code.title()) for code in WAREHOUSES)
    StockLevel.objects.bulk_create(
        StockLevel(item=item, warehouse=place, on_hand=Decimal(10**8), available=Decimal(10**8), as_of=now)
        for item in items
        for place in places
    )
    Price.objects.bulk_create(
        Price(
            item=item, account=owner, contract="C-1" if owner else "", unit_price=Decimal(price),
            valid_from=dt.date(2020, 1, 1), as_of=now, erp_id=f"{item.pk}-{price}", min_quantity=Decimal(least),
        )
        for item in items
        for owner, price, least in ((None, "1.40", 1), (account, "1.25", 1), (account, "1.2", 10**6))
    )  # fmt: skip
    for kind in ("item", "stock", "price", "customer"):
        FeedCursor.objects.create(kind=kind, read_at=now)
    return seed_partner(code="CRESTLINE")


def sku(number: int) -> str:
    """The SKU of an item by its number."""
    return f"FST-{20000 + number}"


def upc(number: int) -> str:
    """The UPC of an item by its number; the check digit is not looked at."""
    return f"8123450{number:05d}"


def order_body(number: int) -> list[Elements]:
    """A 20-line 850, BEG to CTT, each line with UPC, SKU and a description (X12 850)."""
    body = [["BEG", "00", "SA", f"BENCH-{number}", "", "20261124"], ["CUR", "BY", "USD"], ["REF", "IA", "44871"]]
    body += [["DTM", "010", "20261201"], ["N1", "ST", "Crestline #0117", "92", "0117"]]
    for line in range(1, LINES + 1):
        item = (number * 7 + line * 3) % ITEMS
        body.append(["PO1", str(line), str(line * 2), "EA", "1.25", "PE", "UP", upc(item), "VN", sku(item)])
        body.append(["PID", "F", "", "", "", f"Hex bolt no. {item}"])
    return [*body, ["CTT", str(LINES)]]


def order_files(partner: TradingPartner, *, files: int, sets: int) -> Iterator[bytes]:
    """So many files, each one interchange with so many 850s of different numbers."""
    for file in range(files):
        bodies = [order_body(file * sets + at) for at in range(sets)]
        yield partner_file(partner, 1000 + file, "850", "PO", *bodies)
