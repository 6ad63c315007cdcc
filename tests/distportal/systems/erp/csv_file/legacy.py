"""A legacy ERP: German flat files in Latin letters, fixed width for stock. Its people work by writing files."""

from __future__ import annotations

import os
import pathlib
import time
from typing import Any

from distportal.systems.connections import make_adapter
from distportal.systems.erp.files.adapter import FileErp

_CSV = {"separator": ";", "encoding": "cp1252", "date": "%d.%m.%Y", "decimal": ","}


def _columns(**names: str) -> list[dict[str, str]]:
    return [{"field": field, "name": name} for field, name in names.items()]


LAYOUTS: dict[str, Any] = {
    "order": {
        **_CSV,
        "columns": [
            {"field": "action", "name": "ART", "values": {"N": "order", "A": "change", "S": "cancel"}},
            *_columns(order_key="AUFTRAG", customer="KUNDE", ship_to="LIEFERORT", customer_po="BESTELLUNG",
                      requested_on="TERMIN", line_key="POS", sku="ARTIKEL", quantity="MENGE", unit="ME",
                      unit_price="PREIS", warehouse="LAGER"),
            {"name": "MANDANT", "constant": "01"},
        ],
    },
    "confirmation": {
        **_CSV, "files": "AB*.CSV",
        "columns": _columns(order_key="AUFTRAG", number="NUMMER", line_key="POS", quantity="MENGE",
                            unit_price="PREIS", confirmed_on="TERMIN", status="STATUS", reason="GRUND"),
    },
    "shipment": {
        **_CSV, "files": "LS*.CSV",
        "columns": _columns(number="LIEFERSCHEIN", order_key="AUFTRAG", shipped_at="DATUM", warehouse="LAGER",
                            tracking_number="PAKET", line_key="POS", sku="ARTIKEL", quantity="MENGE", unit="ME"),
    },
    "invoice": {
        **_CSV, "files": "RE*.CSV",
        "columns": _columns(number="RECHNUNG", order_key="AUFTRAG", issued_on="DATUM", total="SUMME", tax="STEUER",
                            line_key="POS", sku="ARTIKEL", quantity="MENGE", unit="ME", unit_price="PREIS"),
    },
    "stock": {
        "files": "BESTAND*.TXT", "format": "fixed", "header": False, "places": 2, "time": "%Y%m%d%H%M",
        "columns": [
            {"field": "sku", "start": 1, "width": 10}, {"field": "warehouse", "start": 11, "width": 4},
            {"field": "on_hand", "start": 15, "width": 9}, {"field": "available", "start": 24, "width": 9},
            {"field": "as_of", "start": 33, "width": 12},
        ],
    },
    "price": {
        **_CSV, "files": "PREIS*.CSV", "full": True, "header": False, "thousands": ".",
        "columns": [{"field": "sku", "position": 1}, {"field": "customer", "position": 2},
                    {"field": "min_quantity", "position": 3}, {"field": "unit_price", "position": 5}],
    },
    "item": {**_CSV, "files": "ARTIKEL*.CSV", "columns": _columns(sku="ARTIKEL", name="NAME", base_unit="ME")},
    "customer": {**_CSV, "files": "KUNDEN*.CSV", "columns": _columns(customer="KUNDE", name="NAME")},
}  # fmt: skip
SETTINGS: dict[str, Any] = {
    "units": {"EA": "ST", "CA": "KAR"}, "warehouses": {"RENO": "0001", "DAYTON": "0002"},
    "customers": {"HARBOR": "10042"}, "statuses": {"OK": "accepted", "ABL": "rejected", "STO": "cancelled"},
    "quiet_seconds": 0.0, "layouts": LAYOUTS,
}  # fmt: skip


def connected(folder: pathlib.Path, **changes: Any) -> FileErp:
    """An adapter on the folder, made as a stored connection is."""
    erp = make_adapter("csv_file", {**SETTINGS, "folder": str(folder), **changes})
    assert isinstance(erp, FileErp)
    return erp


def drop(folder: pathlib.Path, name: str, *lines: str, encoding: str = "cp1252") -> None:
    """The ERP writes a file; each is a little newer than the one before."""
    (folder / "in").mkdir(exist_ok=True)
    path = folder / "in" / name
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    moment = time.time_ns() - 1_000_000
    os.utime(path, ns=(moment, moment))


CONFIRMED = "AUFTRAG;NUMMER;POS;MENGE;PREIS;TERMIN;STATUS;GRUND"
SHIPPED = "LIEFERSCHEIN;AUFTRAG;DATUM;LAGER;PAKET;POS;ARTIKEL;MENGE;ME"
BILLED = "RECHNUNG;AUFTRAG;DATUM;SUMME;STEUER;POS;ARTIKEL;MENGE;ME;PREIS"
