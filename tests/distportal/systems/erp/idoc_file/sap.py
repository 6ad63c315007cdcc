"""A SAP system behind a folder. What it writes is put together here by offsets of its own, not by our tables."""

from __future__ import annotations

import itertools
import os
import pathlib
import time
from typing import Any

from distportal.systems.connections import make_adapter
from distportal.systems.erp.files.adapter import FileErp

SETTINGS: dict[str, Any] = {
    "sender": "PORTAL/KU/4001", "receiver": "SAPPRD/LS/PRDCLNT100", "sales_organization": "1710",
    "distribution_channel": "10", "division": "00", "order_type": "ZOR", "units": {"EA": "PCE", "CA": "CT"},
    "warehouses": {"RENO": "1710", "DAYTON": "1720"}, "customers": {"HARBOR": "0001000001"},
    "ship_tos": {"HARBOR-01": "0001000002"},
    "items": {"PLB-30001": "000000000000000030", "HTL-40001": "TG31"}, "quiet_seconds": 0.0,
}  # fmt: skip
_numbers = itertools.count(900001)


def connected(folder: pathlib.Path, **changes: Any) -> FileErp:
    """An adapter on the folder, made as a stored connection is."""
    erp = make_adapter("idoc_file", {**SETTINGS, "folder": str(folder), **changes})
    assert isinstance(erp, FileErp)
    erp.health()
    return erp


def at(*cells: tuple[int, str]) -> str:
    """A line with each text at its column (0-based)."""
    line = ""
    for column, text in cells:
        line = line.ljust(column) + text
        assert len(line) == column + len(text), "cells overlap"
    return line


def control(message: str, kind: str, made: str = "20261125101500", sender: str = "PRDCLNT100") -> str:
    """EDI_DC40, right-trimmed as many senders do."""
    return at((0, "EDI_DC40"), (10, "100"), (13, f"{next(_numbers):016d}"), (35, "1"), (39, kind), (99, message),
              (148, "SAPPRD"), (158, "LS"), (162, sender), (378, made))  # fmt: skip


def data(name: str, *cells: tuple[int, str]) -> str:
    """A data record."""
    return at((0, name), (30, "100"), *[(63 + column, text) for column, text in cells])


def drop(folder: pathlib.Path, name: str, *lines: str) -> None:
    """SAP writes a file."""
    path = folder / "in" / name
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8", newline="")
    moment = time.time_ns() - 1_000_000
    os.utime(path, ns=(moment, moment))


def order_response(key: str, *lines: str, number: str = "0000004711") -> tuple[str, ...]:
    """ORDRSP with the references; lines are the items."""
    return (
        control("ORDRSP", "ORDERS05"), data("E2EDK01005", (83, number)),
        data("E2EDK02", (0, "001"), (3, key)), data("E2EDK02", (0, "002"), (3, number)), *lines,
    )  # fmt: skip


def delivery(key: str, quantity: str, number: str = "0080000017", order: str = "") -> tuple[str, ...]:
    """DESADV on DELVRY07 of one item, packed in one box."""
    cells = ((0, "000010"), (6, "30"), (42, "Ball valve"), (136, "1710"), (176, quantity), (191, "PCE"))
    item = data("E2EDL24008", *cells, *(((917, order),) if order else ()))
    customer = () if order else (data("E2EDL41", (0, "001"), (3, key), (62, "000001")),)
    return (
        control("DESADV", "DELVRY07"),
        data("E2EDL20004", (0, number), (91, "12.5"), (123, "KGM"), (144, "1"), (149, "BOL-9"), (188, "1Z999")),
        data("E2EDT13001", (0, "006"), (61, "20261126")), item, *customer,
        data("E2EDL37004", (0, "00340123450000000018")), data("E2EDL44003", (11, "000010"), (37, quantity)),
    )  # fmt: skip


def bill(key: str, quantity: str, price: str, tax: str, total: str, kind: str = "INVO") -> tuple[str, ...]:
    """INVOIC02 of one item."""
    return (
        control("INVOIC", "INVOIC02"), data("E2EDK01005", (0, ""), (4, "USD"), (79, kind), (83, "0090000005")),
        data("E2EDK02", (0, "009"), (3, "0090000005")), data("E2EDK02", (0, "001"), (3, key)),
        data("E2EDK03", (0, "026"), (3, "20261127")), data("E2EDK18", (0, "001"), (3, "45")),
        data("E2EDP01005", (0, "000010"), (11, quantity), (26, "PCE"), (54, price), (69, "1")),
        data("E2EDP02", (0, "001"), (3, key), (38, "000001")), data("E2EDP02", (0, "016"), (3, "0080000017")),
        data("E2EDP19001", (0, "002"), (3, "30"), (38, "Ball valve")),
        data("E2EDS01", (0, "005"), (3, tax)), data("E2EDS01", (0, "011"), (3, total)),
    )  # fmt: skip
