"""The customer master: twelve dealers and two retailers with their ship-to places."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShipTo:
    """A delivery place; `portal_code` is the code its owner uses."""

    code: str
    portal_code: str
    name: str
    street: str
    city: str
    region: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A sold-to party. `factor` is its contract price as a share of list, `plant` where its goods come from first."""

    code: str
    portal_code: str
    name: str
    plant: str
    factor: str
    credit_limit: str
    credit_balance: str
    ship_tos: tuple[ShipTo, ...]
    status: str = "active"

    @property
    def contract(self) -> str:
        """The number of its price agreement."""
        return f"CN-{self.code[1:]}"


# code, portal code, name, plant, factor, limit, balance, status, places (street, city, region, postcode[, own code])
_ROWS: tuple[tuple[str, str, str, str, str, str, str, str, tuple[tuple[str, ...], ...]], ...] = (
    ("C4001", "HARBOR", "Harbor Hardware", "1000", "0.80", "50000.00", "8400.00", "active",
     (("12 Wharf Street", "Monterey", "CA", "93940"), ("480 Cannery Row", "Pacific Grove", "CA", "93950"))),
    ("C4002", "SUMMIT", "Summit Supply", "1000", "0.82", "40000.00", "3120.50", "active",
     (("900 Ridge Road", "Truckee", "CA", "96161"),)),
    ("C4003", "PRAIRIE", "Prairie Tool & Fastener", "2000", "0.81", "35000.00", "12750.00", "active",
     (("77 Grain Avenue", "Salina", "KS", "67401"),)),
    ("C4004", "LAKESIDE", "Lakeside Building Center", "2000", "0.79", "60000.00", "22010.75", "active",
     (("3100 Shore Drive", "Erie", "PA", "16505"), ("15 Dock Lane", "Ashtabula", "OH", "44004"))),
    ("C4005", "IRONWORK", "Ironwork Industrial", "2000", "0.78", "80000.00", "41200.00", "active",
     (("640 Foundry Street", "Gary", "IN", "46402"),)),
    ("C4006", "BAYOU", "Bayou Plumbing Supply", "2000", "0.82", "30000.00", "950.00", "active",
     (("221 Levee Road", "Houma", "LA", "70360"),)),
    ("C4007", "GRANITE", "Granite State Hardware", "3000", "0.80", "45000.00", "17300.20", "active",
     (("5 Quarry Lane", "Concord", "NH", "03301"),)),
    ("C4008", "MESA", "Mesa Electric Supply", "1000", "0.81", "55000.00", "6200.00", "active",
     (("1420 Canyon Boulevard", "Mesa", "AZ", "85201"),)),
    ("C4009", "TIDEWATER", "Tidewater Marine & Tool", "3000", "0.83", "25000.00", "24880.00", "active",
     (("38 Jetty Street", "Norfolk", "VA", "23510"),)),
    ("C4010", "CASCADE", "Cascade Contractor Supply", "1000", "0.79", "70000.00", "15640.00", "active",
     (("2205 Timber Way", "Bend", "OR", "97701"),)),
    ("C4011", "HEARTLAND", "Heartland Farm & Home", "2000", "0.80", "48000.00", "9990.00", "active",
     (("16 Silo Road", "Ames", "IA", "50010"),)),
    ("C4012", "OLDTOWN", "Old Town Hardware", "3000", "0.84", "10000.00", "10450.00", "blocked",
     (("7 Market Square", "Trenton", "NJ", "08608"),)),
    ("C4101", "CRESTLINE", "Crestline Home Centers", "2000", "0.70", "750000.00", "181000.00", "active",
     (("4500 Logistics Parkway", "Columbus", "OH", "43217", "0117"),
      ("880 Interchange Drive", "Reno", "NV", "89506", "0233"))),
    ("C4102", "BRIGHTWAY", "Brightway Stores", "3000", "0.72", "500000.00", "96500.00", "active",
     (("61 Distribution Road", "Edison", "NJ", "08817", "DC01"),
      ("2400 Commerce Court", "Macon", "GA", "31206", "DC02"))),
)  # fmt: skip


def all_customers() -> list[Customer]:
    """Every customer by number; the last dealer is blocked, TIDEWATER has nearly used its credit."""
    return [
        Customer(code, portal, name, plant, factor, limit, balance, _places(code, portal, name, places), status)
        for code, portal, name, plant, factor, limit, balance, status, places in _ROWS
    ]


def _places(code: str, portal: str, name: str, places: tuple[tuple[str, ...], ...]) -> tuple[ShipTo, ...]:
    made = []
    for number, (street, city, region, postcode, *own) in enumerate(places, start=1):
        label = own[0] if own else f"{portal}-{number:02d}"
        title = f"{name} #{own[0]}" if own else f"{name} {city}"
        made.append(ShipTo(f"{code}-{number:02d}", label, title, street, city, region, postcode))
    return tuple(made)
