"""Items, warehouses and accounts in numbers, and as many stock rows and prices of them as are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from distportal.accounts.choices import AccountKind
from distportal.accounts.models import Account
from inventory.models import Item, Warehouse
from inventory.process.staging import Row

PLACES, CUSTOMERS, RUNGS = 10, 20, 5
_first: dict[str, int] = {}
_customers: list[str] = []


def found_warehouses(rows: int) -> None:
    """A tenth as many items as rows of stock, in ten warehouses; prices are of twenty accounts and a list."""
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = 0")  # on a busy machine the rows are made slowly
    now = timezone.now()
    Item.objects.bulk_create(
        [
            Item(
                sku=_sku(n), code_norm=f"BIG{n}", erp_code=f"M{n}", name=f"Part {n}", family="Parts",
                list_price=Decimal(9), as_of=now, erp_version="1",
            )
            for n in range(rows // PLACES)
        ],
        batch_size=10_000,
    )  # fmt: skip
    Warehouse.objects.bulk_create(Warehouse(code=f"W{n}", name=f"Place {n}") for n in range(PLACES))
    Account.objects.bulk_create(
        Account(code=f"ACC{n}", name=f"Account {n}", kind=AccountKind.DEALER) for n in range(CUSTOMERS)
    )
    _first["item"] = Item.objects.earliest("pk").pk
    _first["warehouse"] = Warehouse.objects.earliest("pk").pk
    by_code = dict(Account.objects.values_list("code", "pk"))
    _customers[:] = [str(by_code[f"ACC{n}"]) for n in range(CUSTOMERS)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def stock_rows(rows: int, as_of: str) -> Iterator[Row]:
    """As the feed has them, in the ERP's order: by warehouse."""
    items = rows // PLACES
    for n in range(rows):
        yield (_sku(n % items), f"W{n // items}", *_figures(n), as_of, as_of)


def stock_ids(rows: int, as_of: str) -> Iterator[Row]:
    """The same rows, with our keys."""
    items = max(rows // PLACES, 1)
    item, place = _first["item"], _first["warehouse"]
    for n in range(rows):
        yield (str(item + n % items), str(place + n // items), *_figures(n), as_of, as_of)


def price_rows(rows: int, as_of: str) -> Iterator[Row]:
    """As the feed has them: by account, then item, then rung."""
    for n in range(rows):
        account = n * CUSTOMERS // rows
        yield (_erp_id(n), _sku(n // RUNGS % (rows // PLACES)), f"ACC{account}", *_rung(n), as_of, as_of)


def price_ids(rows: int, as_of: str) -> Iterator[Row]:
    """The same rows, with our keys."""
    for n in range(rows):
        account = n * CUSTOMERS // rows
        item = str(_first["item"] + n // RUNGS % (rows // PLACES))
        yield (_erp_id(n), item, _customers[account], *_rung(n), as_of, as_of)


def _sku(number: int) -> str:
    return f"BIG-{number:06d}"


def _erp_id(number: int) -> str:
    return f"C{number % CUSTOMERS:04d}/M{number // RUNGS:06d}/{number:07d}"


def _figures(number: int) -> tuple[str | None, ...]:
    return (str(number % 977), str(number % 900), None, "0", "[]", "[]")


def _rung(number: int) -> tuple[str | None, ...]:
    step = number % RUNGS
    return ("", "C-12", str(1 + 12 * step), f"{9 - step}.2500", "USD", "2026-01-01", None, "false")
