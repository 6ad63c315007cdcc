"""A SAP system that exchanges IDocs by a folder. Its files are put together and read by offsets of the tests' own."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.erp.port import OrderState
from tests.conformance.worlds.files import FilesWorld, Held
from tests.distportal.systems.erp.idoc_file.sap import SETTINGS, connected, control, data, drop, order_response


class IdocWorld(FilesWorld):
    """Orders and changes out; answers, deliveries and invoices in."""

    offers = frozenset({"item", "price", "change", "add_line"})
    answers = "later"
    sku, price = "PLB-30001", "8.80"
    list_price = "0"  # it is a condition, not a field of the material
    other_sku, other_price = "HTL-40001", "13.05"

    def __init__(self, folder: pathlib.Path) -> None:
        super().__init__(folder)
        drop(
            folder, "matmas.idoc", control("MATMAS", "MATMAS05"),
            data("E2MARAM005", (0, "005"), (3, "30"), (109, "PCE")), data("E2MAKTM001", (4, "Ball valve"), (44, "EN")),
        )  # fmt: skip
        drop(
            folder, "cond.idoc", control("COND_A", "COND_A04"),
            data("E2KOMG003", (1, "304"), (6, "PR00"), (10, "171010" + "30".zfill(18))),
            data("E2KONH001", (0, "20260101"), (8, "99991231")),
            data("E2KONP002", (0, "PR00"), (64, "11.00"), (80, "USD"), (85, "1"), (90, "PCE")),
        )  # fmt: skip

    def connected(self, **changes: Any) -> FileErp:
        return connected(
            self.folder,
            **{
                **SETTINGS,
                "item_segment": "E2EDP01007/460",
                "order_changes": True,
                "price_keys": {"304": "VKORG:0+4 VTWEG:4+2 MATNR:6+18"},
                **changes,
            },
        )

    def answer(self) -> None:
        for path in sorted((self.folder / "out").glob("*.idoc"), key=lambda path: path.stat().st_mtime_ns):
            control, *rest = path.read_text("utf-8").splitlines()
            path.unlink()
            pairs = [(line[:30].strip(), line[63:]) for line in rest]
            key = next(r[3:38].strip() for n, r in pairs if n == "E2EDK02")
            lines: dict[str, tuple[Decimal, Decimal, str]] = {}
            gone: set[str] = set()
            plants: dict[str, str] = {}
            for name, record in pairs:
                if name == "E2EDP01007":
                    position, amounts = str(int(record[:6])), (Decimal(record[11:26]), Decimal(record[54:69]))
                    gone |= {position} if record[6:9] == "003" else set()
                    plants[position] = record[311:315].strip()
                if name == "E2EDP19001":
                    lines[position] = (*amounts, record[3:38].strip())
            message = control[99:129].strip()
            assert message in ("ORDERS", "ORDCHG")
            order = self._changed(key, lines, gone) if message == "ORDCHG" else self.take(key, lines)
            said = [data("E2EDP01005", (0, f"{int(p):06d}"), (11, str(q)), (26, "PCE"), (54, str(price)), (69, "1"),
                         *([(212, "Z1")] if p in gone and not order.shipped else []), (311, plants.get(p) or "1710"))
                    for p, (q, price, _) in {**order.lines, **lines}.items()]  # fmt: skip
            drop(
                self.folder, self.next_name("ordrsp{}.idoc"), *order_response(key, *said, number=f"{order.number:0>10}")
            )

    def _changed(self, key: str, lines: dict[str, tuple[Decimal, Decimal, str]], gone: set[str]) -> Held:
        """What has been shipped in part is not changed here any more."""
        [order] = self.books[key]
        if not order.shipped:
            order.lines = {p: line for p, line in {**order.lines, **lines}.items() if p not in gone}
            order.cancelled = not order.lines
        return order

    def ship(self, state: OrderState, quantities: Mapping[str, int]) -> None:
        [order] = self.books[state.order_key]
        number = f"008{order.number:0>6}{len(order.shipped)}"
        order.shipped.append((number, dict(quantities)))
        items = [
            line
            for n, (p, quantity) in enumerate(quantities.items(), start=1)
            for line in (
                data("E2EDL24008", (0, f"{n:06d}"), (6, order.lines[p][2]), (136, "1710"), (176, str(quantity)),
                     (191, "PCE"), (917, f"{order.number:0>10}"), (927, f"{int(p) * 10:06d}")),
                data("E2EDL41", (0, "001"), (3, state.order_key), (62, f"{int(p):06d}")),
            )
        ]  # fmt: skip
        head = data("E2EDL20004", (0, number)), data("E2EDT13001", (0, "006"), (61, "20261126"))
        drop(self.folder, self.next_name("desadv{}.idoc"), control("DESADV", "DELVRY07"), *head, *items)

    def bill(self, state: OrderState) -> str:
        [order] = self.books[state.order_key]
        number, (_, quantities) = f"9000{order.number}", order.shipped[-1]
        total = sum((q * order.lines[p][1] for p, q in quantities.items()), Decimal(0))
        items = [
            line
            for p, quantity in quantities.items()
            for line in (
                data("E2EDP01005", (0, f"{int(p):06d}"), (11, str(quantity)), (26, "PCE"), (54, str(order.lines[p][1])),
                     (69, "1")),
                data("E2EDP02", (0, "001"), (3, state.order_key), (38, f"{int(p):06d}")),
            )
        ]  # fmt: skip
        drop(
            self.folder, self.next_name("invoic{}.idoc"), control("INVOIC", "INVOIC02"),
            data("E2EDK01005", (4, "USD"), (79, "INVO")), data("E2EDK02", (0, "009"), (3, f"{number:0>10}")),
            data("E2EDK03", (0, "026"), (3, "20261127")), *items, data("E2EDS01", (0, "011"), (3, str(total))),
        )  # fmt: skip
        return number
