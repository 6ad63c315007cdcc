"""MATMAS: items. COND_A: prices. An IDoc that SAP made before what we hold is passed over by its date of making."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from distportal.canonical.base import plain, to_json
from distportal.systems.erp.files.facts import Record
from distportal.systems.erp.idoc_file.idoc import BadIdoc, Idoc, Segment
from distportal.systems.erp.idoc_file.reading import Reading, per_unit
from distportal.systems.erp.idoc_file.segments import sliced

DELETED = "003"  # MSGFN
FOREVER = dt.date(9999, 12, 31)


def items(idoc: Idoc, reading: Reading) -> list[Record]:
    """The materials; one that is flagged for deletion is discontinued."""
    return [_item(idoc, segment, reading) for segment in idoc.root.all("E1MARAM")]


def _item(idoc: Idoc, segment: Segment, reading: Reading) -> Record:
    material = segment.get("MATNR_LONG") or segment.get("MATNR_EXTERNAL") or segment.get("MATNR")
    if not material or not segment.get("MEINS"):
        raise BadIdoc(f"{segment.place}: the material has no number or no base unit (MEINS)")
    base = reading.unit(segment.get("MEINS"))
    units = [s for s in segment.all("E1MARMM") if s.get("MEINH") and s.get("MEINH") != segment.get("MEINS")]
    packs = _packs(units, reading)
    size, pack = min(((Decimal(p["size"]), p["unit"]) for p in packs), default=(Decimal(1), base))
    texts = segment.all("E1MAKTM")
    english = next((s for s in texts if s.get("SPRAS_ISO") == "EN" or s.get("SPRAS") == "E"), None)
    text = english or (texts[0] if texts else None)
    gone = bool(segment.get("LVORM"))
    sku = reading.sku(material)
    payload: dict[str, object] = {
        "sku": sku, "erp_code": material, "name": text.get("MAKTX") if text else sku, "description": "",
        "family": segment.get("MATKL"), "upc": _upc(segment), "base_unit": base, "pack_unit": pack,
        "pack_size": plain(size), "list_price": "0", "currency": reading.profile.currency,
        "status": "discontinued" if gone else "active", "hazmat": bool(segment.get("STOFF") or segment.get("PROFL")),
        "restricted_regions": [], "weight_lb": None,
        "packs": packs, "least_shelf_life": int(segment.number("MHDRZ") or 0),
    }  # fmt: skip
    return Record(
        kind="item", erp_id=material, payload=payload, document=idoc.number, said_at=idoc.made_at(),
        deleted=segment.get("MSGFN") == DELETED,
    )  # fmt: skip


def _packs(units: list[Segment], reading: Reading) -> list[dict[str, Any]]:
    """The units that hold several of the base unit; those that nobody mapped are passed over. Which of them are sold
    MATMAS does not tell.
    """
    found = []
    for segment in units:
        many, per = segment.number("UMREZ"), segment.number("UMREN")
        try:
            unit = reading.unit(segment.get("MEINH"))
        except BadIdoc:
            continue
        if many and per and many / per > 1:
            found.append({"unit": unit, "size": plain(many / per), "barcode": segment.get("EAN11"), "sold": True})
    return found


def _upc(segment: Segment) -> str:
    base = segment.get("MEINS")
    codes = [s.get("EAN11") for s in segment.all("E1MARMM") if s.get("MEINH") == base and s.get("EAN11")]
    return codes[0] if codes else segment.get("EAN11")


def prices(idoc: Idoc, reading: Reading) -> list[Record]:
    """The rungs of the conditions. Raises BadIdoc for a condition, a unit or a key that nobody declared."""
    return [
        record
        for key in idoc.root.all("E1KOMG")
        for head in key.all("E1KONH")
        for condition in head.all("E1KONP")
        for record in _rungs(idoc, key, head, condition, reading)
    ]


def _rungs(idoc: Idoc, key: Segment, head: Segment, condition: Segment, reading: Reading) -> list[Record]:
    kind = condition.get("KSCHL") or key.get("KSCHL")
    if kind not in reading.profile.price_conditions:
        raise BadIdoc(f"{condition.place}: the condition {kind} is none of price_conditions")
    parts = _parts(key, reading)
    material, customer = parts.get("MATNR", ""), parts.get("KUNNR", "")
    if not material:
        raise BadIdoc(f"{key.place}: the key of table {key.get('KOTABNR')} names no material: add it to price_keys")
    unit = reading.unit(condition.get("KMEIN")) if condition.get("KMEIN") else reading.profile.price_units[0]
    if unit not in reading.profile.price_units:
        raise BadIdoc(f"{condition.place}: the price is per {unit}; prices are kept per base unit (price_units)")
    per = condition.number("KPEIN")
    scale = [(s.number("KSTBM"), s.number("KBETR")) for s in condition.all("E1KONM")]
    rungs = scale or [(condition.number("KSTBM"), condition.number("KBETR"))]
    records = []
    for least, amount in rungs:
        value = per_unit(amount, per)
        if value is None:
            raise BadIdoc(f"{condition.place}: the condition {kind} has no amount (KBETR)")
        payload = {
            "sku": reading.sku(material), "account": reading.customer(customer) if customer else "", "contract": "",
            "min_quantity": plain(least or Decimal(1)), "unit_price": plain(value),
            "currency": condition.get("KONWA") or reading.profile.currency,
            "valid_from": to_json(head.date("DATAB")), "valid_until": _until(head),
        }  # fmt: skip
        parts_of_id = (kind, customer, material, payload["valid_from"] or "", str(payload["min_quantity"]))
        records.append(
            Record(
                kind="price",
                erp_id="/".join(parts_of_id),
                payload=payload,
                document=idoc.number,
                said_at=idoc.made_at(),
                deleted=bool(condition.get("LOEVM_KO")),
            )
        )
    return records


def _parts(key: Segment, reading: Reading) -> Mapping[str, str]:
    """Customer and material by name, else cut out of the variable key as its table is declared."""
    if key.get("MATNR"):
        return key.fields
    declared = reading.profile.price_keys.get(key.get("KOTABNR"))
    return sliced(declared, key.get("VAKEY")) if declared else {}


def _until(head: Segment) -> str | None:
    day = head.date("DATBI")
    return None if day is None or day == FOREVER else day.isoformat()
