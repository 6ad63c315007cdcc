"""Master data of the sandbox ERP, made from fixed rules: the same on every machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

FAMILIES = (
    ("Fasteners", "FS", ("Hex bolt", "Wood screw", "Lag screw", "Wing nut", "Flat washer", "Anchor", "Rivet", "Eye bolt")),
    ("Electrical", "EL", ("Wire nut", "Outlet", "Toggle switch", "Conduit clamp", "Junction box", "Breaker", "Cable tie", "Lamp holder")),
    ("Plumbing", "PL", ("Ball valve", "Elbow", "Tee", "Supply line", "P-trap", "Hose bib", "Coupling", "Pipe strap")),
    ("Hand tools", "HT", ("Claw hammer", "Screwdriver", "Pliers", "Tape measure", "Chisel", "Hand saw", "Level", "Utility knife")),
    ("Safety", "SF", ("Work glove", "Ear plug", "Safety glasses", "Hard hat", "Respirator", "Hi-vis vest", "Knee pad", "First aid kit")),
)  # fmt: skip
SIZES = ("small", "medium", "large", "1/4 in", "3/8 in", "1/2 in", "3/4 in", "1 in", "M6", "M8", "M10", "heavy duty")
PER_FAMILY = 400
PLANTS = (("1000", "RENO", "Reno"), ("2000", "DAYTON", "Dayton"), ("3000", "NEWARK", "Newark"))
PACKS = (6, 10, 12, 24, 48, 50)

DEALERS = (
    ("HARBOR", "Harbor Hardware", "Portland", "OR"), ("SUMMIT", "Summit Supply", "Denver", "CO"),
    ("PRAIRIE", "Prairie Tool & Bolt", "Omaha", "NE"), ("LAKESIDE", "Lakeside Building Center", "Duluth", "MN"),
    ("CANYON", "Canyon Industrial", "Phoenix", "AZ"), ("BAYVIEW", "Bayview Marine Supply", "Tampa", "FL"),
    ("IRONWOOD", "Ironwood Contractors", "Tucson", "AZ"), ("MAPLE", "Maple Street Hardware", "Albany", "NY"),
    ("REDROCK", "Red Rock Electric", "Sedona", "AZ"), ("STONE", "Stonebridge Plumbing", "Dayton", "OH"),
    ("TIMBER", "Timberline Tools", "Boise", "ID"), ("VALLEY", "Valley Farm & Home", "Fresno", "CA"),
)  # fmt: skip
RETAILERS = (
    ("CRESTLINE", "Crestline Home Centers", "Columbus", "OH"),
    ("BRIGHTWAY", "Brightway Stores", "Charlotte", "NC"),
)


def check_digit(digits: str) -> str:
    """The GS1 modulo-10 check digit of a number without one."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def customers() -> Iterator[dict[str, Any]]:
    """Twelve dealers C4001 to C4012 and two retailers C4101 and C4102, three ship-tos each."""
    numbered = [(f"C40{i + 1:02d}", d) for i, d in enumerate(DEALERS)]
    numbered += [(f"C41{i + 1:02d}", r) for i, r in enumerate(RETAILERS)]
    for number, (code, name, city, region) in numbered:
        yield {
            "customer": number,
            "portal_code": code,
            "name": name,
            "blocked": 1 if code == "IRONWOOD" else 0,
            "credit_limit": "250000.00" if number.startswith("C41") else "40000.00",
            "balance": "0.00" if code != "CANYON" else "39900.00",
            "ship_tos": [
                {"code": f"{number}-{n:02d}", "name": f"{name} {kind}", "city": city, "region": region}
                for n, kind in ((1, "Store 1"), (2, "Store 2"), (3, "Warehouse"))
            ],
        }


def items() -> Iterator[dict[str, Any]]:
    """2,000 items. FS-10001 to FS-10005 are plain and well stocked; FS-10006 has 5 pieces in all; FS-10007 is
    discontinued; SF-10005 (every fifth respirator) is hazardous and may not go to CA."""
    serial = 0
    for family, prefix, nouns in FAMILIES:
        for n in range(1, PER_FAMILY + 1):
            serial += 1
            noun, size = nouns[(n - 1) % len(nouns)], SIZES[(n // len(nouns)) % len(SIZES)]
            body = f"61414{serial:06d}"
            price = 100 + (serial * 37) % 4900
            yield {
                "matnr": f"10-{serial:06d}",
                "catalogue_no": f"{prefix}-{10000 + n}",
                "upc": body + check_digit(body),
                "name": f"{noun}, {size}, type {n // 96 + 1}",
                "family": family,
                "pack_size": PACKS[serial % len(PACKS)],
                "list_price": f"{price / 100:.2f}",
                "status": "X" if n % 97 == 7 else "B" if n % 97 == 50 else "A",
                "hazmat": 1 if prefix == "SF" and n % 40 == 5 else 0,
                "restricted": "CA" if prefix == "SF" and n % 40 == 5 else "",
                "weight_lb": f"{0.1 + (serial % 50) / 10:.2f}",
            }


def stock(matnr: str, today: dt.date) -> Iterator[tuple[str, int, str, int]]:
    """(plant, on hand, receipt date or empty, receipt quantity) of one item in each plant."""
    serial = int(matnr.split("-")[1])
    for index, (plant, _, _) in enumerate(PLANTS):
        if serial == 6:
            yield plant, 5 if index == 0 else 0, (today + dt.timedelta(days=12)).isoformat() if index == 0 else "", 200
        elif serial <= 5:
            yield plant, 5000, "", 0
        else:
            on_hand = 0 if (serial + index) % 11 == 0 else (serial * (index + 3) * 13) % 900
            arrives = (today + dt.timedelta(days=5 + serial % 20)).isoformat() if on_hand == 0 else ""
            yield plant, on_hand, arrives, 300 if on_hand == 0 else 0


def contract_prices(customer: str, index: int) -> Iterator[dict[str, Any]]:
    """A customer's contract: the first 20 items of every family at 12 % off, 18 % off from 48 pieces."""
    for family_index in range(len(FAMILIES)):
        for n in range(1, 21):
            serial = family_index * PER_FAMILY + n
            list_cents = 100 + (serial * 37) % 4900
            for min_qty, factor in ((1, 88), (48, 82)):
                yield {
                    "price_id": f"{customer}/{serial:06d}/{min_qty}",
                    "customer": customer,
                    "matnr": f"10-{serial:06d}",
                    "contract": f"K-{2600 + index}",
                    "min_qty": min_qty,
                    "price": f"{round(list_cents * factor / 100) / 100:.2f}",
                }
