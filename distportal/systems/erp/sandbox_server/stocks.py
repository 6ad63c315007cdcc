"""What the seed decides: list prices, contract ladders and the opening stock of the three plants."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .customers import Customer
from .items import Item

CENT = Decimal("0.01")
# plant -> (name, street, city, region, postcode)
PLANTS: dict[str, tuple[str, str, str, str, str]] = {
    "1000": ("Reno distribution center", "1200 Railway Avenue", "Reno", "NV", "89502"),
    "2000": ("Dayton distribution center", "350 Wright Parkway", "Dayton", "OH", "45402"),
    "3000": ("Newark distribution center", "90 Harbor Terminal Road", "Newark", "NJ", "07114"),
}
# catalogue number -> (list price, stock in 1000/2000/3000, days until the next receipt or None)
FIXED: dict[str, tuple[str, tuple[int, int, int], int | None]] = {
    "FST-10001": ("0.60", (12000, 9000, 8000), None),
    "FST-10002": ("9.50", (900, 1200, 700), None),
    "FST-10003": ("1.10", (40, 0, 0), None),
    "FST-10005": ("4.20", (2400, 1920, 960), None),
    "FST-10006": ("11.40", (480, 960, 240), None),
    "FST-10007": ("0.90", (0, 0, 0), None),
    "FST-10008": ("0.95", (3000, 4000, 2000), None),
    "FST-10009": ("2.10", (800, 600, 500), None),
    "HTL-40003": ("14.00", (0, 30, 0), None),
    "HTL-40004": ("16.50", (300, 200, 250), None),
    "ELE-20003": ("0.85", (3000, 2500, 1500), None),
    "ELE-20001": ("98.00", (160, 220, 140), None),
    "ELE-20002": ("18.50", (1500, 2400, 1800), None),
    "PLB-30001": ("11.00", (1800, 2200, 1600), None),
    "PLB-30002": ("7.40", (600, 600, 480), None),
    "PLB-30003": ("145.00", (0, 0, 0), 9),
    "PLB-30004": ("8.90", (120, 60, 25), None),
    "HTL-40001": ("22.00", (700, 900, 650), None),
    "HTL-40002": ("12.50", (4, 10, 6), 12),
    "SAF-50001": ("14.00", (1200, 1000, 900), None),
    "SAF-50002": ("5.20", (5000, 4800, 4100), None),
    "SAF-50003": ("31.00", (55, 0, 20), None),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a price ladder; customer "" is the list."""

    customer: str
    matnr: str
    min_quantity: int
    unit_price: Decimal
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """Opening stock of one item in one plant."""

    matnr: str
    plant: str
    on_hand: int
    supply_on: dt.date | None
    supply_quantity: int


def list_prices(items: list[Item], seed: int) -> dict[str, Decimal]:
    """List price by material, USD per base unit."""
    dice = random.Random(f"price-{seed}")
    prices: dict[str, Decimal] = {}
    for item in items:
        drawn = Decimal(dice.randrange(45, 8900)) / 100
        prices[item.matnr] = Decimal(FIXED[item.catalogue_no][0]) if item.catalogue_no in FIXED else drawn
    return prices


def ladders(items: list[Item], customers: list[Customer], prices: dict[str, Decimal]) -> Iterator[Rung]:
    """The list, then each customer's contract: its factor of list, 5 % off from a pack, 10 % off from ten packs."""
    for item in items:
        yield Rung("", item.matnr, 1, prices[item.matnr])
    for place, customer in enumerate(customers):
        every = 10 if customer.code >= "C4101" else 20
        for index, item in enumerate(items):
            if item.catalogue_no not in FIXED and (index + place * 7) % every:
                continue
            base = prices[item.matnr] * Decimal(customer.factor)
            steps = ((1, "1"), (item.pack_size, "0.95"), (item.pack_size * 10, "0.90"))
            for minimum, share in steps:
                yield Rung(customer.code, item.matnr, minimum, _cents(base * Decimal(share)), customer.contract)


def openings(items: list[Item], seed: int, today: dt.date) -> Iterator[Opening]:
    """Stock of every item in every plant; about one in fifteen is out with a dated receipt."""
    dice = random.Random(f"stock-{seed}")
    for item in items:
        fixed = FIXED.get(item.catalogue_no)
        for place, plant in enumerate(PLANTS):
            drawn, wait, out = dice.randrange(20, 1500), dice.randrange(3, 30), dice.random() < 1 / 15
            if fixed:
                on_hand, days = fixed[1][place], fixed[2]
            else:
                on_hand, days = (0, wait) if out else (drawn, None)
            due = today + dt.timedelta(days=days) if days is not None else None
            yield Opening(item.matnr, plant, on_hand, due, item.pack_size * 20 if due else 0)


def _cents(value: Decimal) -> Decimal:
    return max(value.quantize(CENT, rounding=ROUND_HALF_UP), CENT)
