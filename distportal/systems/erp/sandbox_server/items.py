"""The item master: 2,000 items in five families, the same on every start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PER_FAMILY = 400
UPC_PREFIX = "812345"

# family code -> (SKU prefix, name, base unit, pack unit, pack size, nouns, qualities)
FAMILIES: dict[str, tuple[str, str, str, str, int, tuple[str, ...], tuple[str, ...]]] = {
    "10": ("FST", "Fasteners", "ST", "SCH", 50,
           ("Hex bolt", "Carriage bolt", "Lag screw", "Deck screw", "Wood screw", "Machine screw", "Lock nut",
            "Flat washer", "Wedge anchor", "Threaded rod"),
           ("zinc", "stainless 304", "galvanized", "black oxide", "brass", "grade 5", "grade 8", "silicon bronze")),
    "20": ("ELE", "Electrical", "ST", "KAR", 10,
           ("Duplex outlet", "Toggle switch", "Breaker", "Junction box", "Conduit fitting", "LED lamp", "Wire nut jar",
            "Extension cord", "Cable clamp", "Dimmer"),
           ("15 A", "20 A", "white", "ivory", "weatherproof", "heavy duty", "commercial", "single pole")),
    "30": ("PLB", "Plumbing", "ST", "KAR", 12,
           ("Ball valve", "Elbow", "Coupling", "Tee", "Supply line", "P-trap", "Hose bibb", "Shut-off valve",
            "Pipe strap", "Faucet cartridge"),
           ("1/4 in", "3/8 in", "1/2 in", "3/4 in", "1 in", "1-1/4 in", "1-1/2 in", "2 in")),
    "40": ("HTL", "Hand tools", "ST", "KAR", 6,
           ("Claw hammer", "Pliers", "Adjustable wrench", "Screwdriver", "Pry bar", "Hand saw", "Level", "Clamp",
            "Utility knife", "Socket set"),
           ("compact", "standard", "professional", "insulated", "fiberglass", "steel", "6 in", "12 in")),
    "50": ("SAF", "Safety", "ST", "KAR", 24,
           ("Safety glasses", "Ear muffs", "Hard hat", "Hi-vis vest", "Respirator", "Face shield", "Knee pads",
            "First aid kit", "Lanyard", "Work gloves"),
           ("clear", "tinted", "small", "medium", "large", "class 2", "class 3", "vented")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One material. `matnr` is the ERP's own number, `catalogue_no` what dealers know."""

    matnr: str
    catalogue_no: str
    name: str
    description: str
    family: str
    upc: str
    base_unit: str
    pack_unit: str
    pack_size: int
    status: str = "active"
    hazmat: bool = False
    restricted_regions: tuple[str, ...] = ()
    weight_lb: str = "0.5"
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What only some items have: `packs` [[unit, size, barcode, sold]], `base_sold`, `min_quantity`, `multiple`,
    `last_order_on`, `while_stock_lasts`, `substitutes` [[catalogue number, reason]], `hazard`, `least_shelf_life`."""


def upc_for(index: int) -> str:
    """UPC-12 with its check digit: odd places count three times (GS1 General Specifications 7.9.1)."""
    return _checked(f"{UPC_PREFIX}{index:05d}")


def gtin_for(level: int, upc: str) -> str:
    """GTIN-14 of a pack: the indicator digit before the number of what is in it, and a check digit of its own."""
    return _checked(f"{level}0{upc[:-1]}")


def _checked(digits: str) -> str:
    total = sum(int(d) * (3 if place % 2 == 0 else 1) for place, d in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def all_items(per_family: int = PER_FAMILY) -> list[Item]:
    """Every item in the order of its number; the well-known ones carry their fixed data."""
    made: list[Item] = []
    for place, (code, family) in enumerate(FAMILIES.items()):
        for number in range(1, per_family + 1):
            item = _generated(code, family, place, number)
            made.append(_with_fixed_data(item))
    return made


def _with_fixed_data(item: Item) -> Item:
    fixed = WELL_KNOWN.get(item.catalogue_no)
    if fixed is None:
        return item
    changed: Item = replace(item, **fixed)
    if "packs" in changed.attributes:
        packs = [[unit, size, gtin_for(level, item.upc), sold]
                 for level, (unit, size, sold) in enumerate(changed.attributes["packs"], 1)]  # fmt: skip
        changed = replace(changed, attributes={**changed.attributes, "packs": packs})
    each = "each or " if changed.attributes.get("base_sold", True) else ""
    text = f"{changed.name}. Sold {each}in packs of {changed.pack_size}."
    return replace(changed, description=text)


def _generated(
    code: str,
    family: tuple[str, str, str, str, int, tuple[str, ...], tuple[str, ...]],
    place: int,
    number: int,
) -> Item:
    prefix, family_name, base, pack, size, nouns, qualities = family
    noun, quality = nouns[number % len(nouns)], qualities[(number // len(nouns)) % len(qualities)]
    name = f"{noun} {quality} no. {number}"
    status = "active"
    if number % 67 == 0:
        status = "discontinued"
    elif number % 97 == 0:
        status = "blocked"
    return Item(
        matnr=f"{code}-{number:06d}",
        catalogue_no=f"{prefix}-{place + 1}{number:04d}",
        name=name,
        description=f"{name}. Sold each or in packs of {size}.",
        family=family_name,
        upc=upc_for(place * PER_FAMILY + number),
        base_unit="PAA" if noun == "Work gloves" else base,
        pack_unit=pack,
        pack_size=size,
        status=status,
        hazmat=number % 83 == 0,
        restricted_regions=("CA", "NY") if number % 101 == 0 else (),
        weight_lb=f"{0.1 + (number % 37) * 0.15:.2f}",
    )


# What seeds, tests and demos of others may rely on, whatever the seed.
WELL_KNOWN: dict[str, dict[str, Any]] = {
    "FST-10001": {"name": "Hex bolt 1/2-13 x 2 in, grade 5 zinc", "pack_size": 50, "weight_lb": "0.15"},
    "FST-10002": {
        "name": "Deck screw #8 x 2-1/2 in, 1 lb tub",
        "pack_size": 12,
        "pack_unit": "KAR",
        "weight_lb": "1.05",
    },
    "FST-10003": {"name": "Wedge anchor 3/8 x 3 in (old series)", "status": "discontinued"},
    "FST-10005": {
        "name": "Drywall anchor, 100 per bag",
        "pack_size": 24,
        "pack_unit": "KAR",
        "attributes": {"packs": [["PAK", 6, True], ["KAR", 24, True], ["PAL", 960, True]]},
    },
    "FST-10006": {
        "name": "Structural screw 1/4 x 6 in, box of 50",
        "pack_size": 12,
        "pack_unit": "KAR",
        "attributes": {"packs": [["KAR", 12, True], ["PAL", 480, True]], "base_sold": False, "min_quantity": 24},
    },
    "FST-10007": {
        "name": "Sleeve anchor 3/8 x 3 in (old series)",
        "status": "discontinued",
        "attributes": {"substitutes": [["FST-10008", "ERSATZ"], ["FST-10009", "GLEICH"]]},
    },
    "FST-10008": {
        "name": "Sleeve anchor 3/8 x 3 in, zinc plated",
        "attributes": {"substitutes": [["FST-10009", "BESSER"]]},
    },
    "FST-10009": {"name": "Sleeve anchor 3/8 x 3 in, stainless"},
    "HTL-40003": {
        "name": "Torpedo level 9 in, last of its kind",
        "status": "discontinued",
        "attributes": {"while_stock_lasts": True, "substitutes": [["HTL-40004", "GLEICH"]]},
    },
    "HTL-40004": {"name": "Torpedo level 9 in, magnetic"},
    "ELE-20003": {
        "name": "Conduit strap 3/4 in",
        "pack_size": 10,
        "attributes": {"packs": [["KAR", 10, False]], "min_quantity": 20, "multiple": 5},
    },
    "ELE-20001": {
        "name": "THHN copper wire 12 AWG, 500 ft roll",
        "base_unit": "RO",
        "pack_size": 4,
        "weight_lb": "11.5",
    },
    "ELE-20002": {"name": "GFCI outlet 20 A, white", "pack_size": 10, "weight_lb": "0.35"},
    "PLB-30001": {"name": "Ball valve 1/2 in, brass, lead free", "pack_size": 12, "weight_lb": "0.4"},
    "PLB-30002": {
        "name": "PVC cement 16 oz, regular clear",
        "pack_size": 12,
        "hazmat": True,
        "restricted_regions": ("AK", "HI", "PR"),
        "weight_lb": "1.3",
        "attributes": {
            "hazard": {
                "un_number": "1133",
                "name": "Adhesives",
                "hazard_class": "3",
                "packing_group": "II",
                "limited_quantity": True,
            }
        },
    },
    "PLB-30003": {"name": "Tankless heater service kit", "pack_size": 4, "weight_lb": "6.2"},
    "PLB-30004": {
        "name": "Thread sealant paste 8 oz",
        "pack_size": 12,
        "weight_lb": "0.6",
        "attributes": {"least_shelf_life": 30},
    },
    "HTL-40001": {"name": "Claw hammer 16 oz, fiberglass", "pack_size": 6, "weight_lb": "1.9"},
    "HTL-40002": {"name": "Tape measure 25 ft", "pack_size": 6, "weight_lb": "0.8"},
    "SAF-50001": {"name": "Leather work gloves, large", "base_unit": "PAA", "pack_size": 12, "weight_lb": "0.5"},
    "SAF-50002": {"name": "Safety glasses, clear, anti-fog", "pack_size": 24, "weight_lb": "0.1"},
    "SAF-50003": {"name": "Half-mask respirator, recalled lot", "status": "blocked"},
}
