"""The sandbox ERP's codes beside ours. Raises Misconfigured for a code that nobody mapped."""

from __future__ import annotations

from distportal.systems.erp.port import Stage
from distportal.systems.erp.spoken import our_code, their_code, unmapped
from distportal.systems.errors import Misconfigured

# X12 element 355 -> ERP unit
UNITS = {"EA": "ST", "CA": "KAR", "BX": "SCH", "PK": "PAK", "DZ": "DZ", "RL": "RO", "PR": "PAA", "PL": "PAL"}
WAREHOUSES = {"RENO": "1000", "DAYTON": "2000", "NEWARK": "3000"}
SUBSTITUTES = {"ERSATZ": "replaced_by", "GLEICH": "equivalent", "BESSER": "up_sell"}
STAGES: dict[str, Stage] = {
    "DRAFT": "draft",
    "CONFIRMED": "draft",  # promised but not handed to the warehouse: one step is still ours
    "RELEASED": "accepted",
    "AWAITING_APPROVAL": "accepted",
    "PARTLY_SHIPPED": "in_fulfilment",
    "SHIPPED": "in_fulfilment",
    "INVOICED": "closed",
    "CREDITED": "closed",
    "REJECTED": "rejected",
    "CANCELLED": "cancelled",
}
_UNITS_BACK = {theirs: ours for ours, theirs in UNITS.items()}
_WAREHOUSES_BACK = {theirs: ours for ours, theirs in WAREHOUSES.items()}


def their_unit(unit: str) -> str:
    """The ERP's unit of an element 355 code."""
    return their_code("unit", unit) or _mapped(UNITS, unit, "unit")


def our_unit(unit: str) -> str:
    """The element 355 code of an ERP unit."""
    return our_code("unit", unit) or _mapped(_UNITS_BACK, unit, "unit", side="theirs")


def their_plant(warehouse: str) -> str:
    """The ERP's plant; empty leaves the choice to the ERP."""
    if not warehouse:
        return ""
    return their_code("warehouse", warehouse) or _mapped(WAREHOUSES, warehouse, "warehouse")


def our_warehouse(plant: str) -> str:
    """Our warehouse code; empty while the ERP has not chosen."""
    if not plant:
        return ""
    return our_code("warehouse", plant) or _mapped(_WAREHOUSES_BACK, plant, "warehouse", side="theirs")


def our_stage(status: str) -> Stage:
    """The port's stage of an ERP status."""
    try:
        return STAGES[status]
    except KeyError:
        raise Misconfigured("erp.unmapped_status", f"the ERP reports a status we do not know: {status}") from None


def _mapped(table: dict[str, str], code: str, what: str, *, side: str = "ours") -> str:
    if code not in table:
        raise unmapped(what, code, side=side)
    return table[code]
