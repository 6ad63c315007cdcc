"""A legacy ERP behind a folder. Its people take the files away and answer by files before the adapter looks again."""

from __future__ import annotations

import csv
import datetime as dt
import pathlib
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from distportal.systems.connections import make_adapter
from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.erp.port import ErpPort, OrderState
from tests.conformance.worlds.base import World
from tests.distportal.systems.erp.csv_file.legacy import BILLED, CONFIRMED, LAYOUTS, SETTINGS, SHIPPED, drop
from tests.edi.transports.sftp_server import PASSWORD, USER, Server


@dataclass
class Held:
    """One order in the ERP's books: quantity, price and material of each position."""

    number: str
    lines: dict[str, tuple[Decimal, Decimal, str]]
    shipped: list[tuple[str, dict[str, int]]] = field(default_factory=list)
    cancelled: bool = False


class FilesWorld(World):
    """What all file ERPs have in common: no search, no wire, one step that is ours and one that is theirs."""

    create_path = find_path = ""
    steps = 2
    settle = 1.0
    order_key = "ack_only"

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.books: dict[str, list[Held]] = {}
        self.files = 0
        self.erp().health()

    @property
    def bad_secret(self) -> dict[str, str]:
        return {}

    @abstractmethod
    def connected(self, **changes: Any) -> FileErp:
        """The adapter on the folder."""

    @abstractmethod
    def answer(self) -> None:
        """The people take what is in the folder and answer it."""

    def erp(self, **changes: Any) -> ErpPort:
        made = self.connected(**changes)
        read = made._inbox.take_in

        def read_after_them() -> int:
            self.answer()
            return read()

        made._inbox.take_in = read_after_them  # type: ignore[method-assign]
        return made

    def held(self, order_key: str) -> list[str]:
        self.answer()
        return [order.number for order in self.books.get(order_key, []) if not order.cancelled]

    def enter_again(self, order_key: str) -> None:
        raise LookupError("what is entered by hand does not show in the files")

    def slow_down(self) -> None:
        raise LookupError("there is nothing to slow down")

    def well(self) -> None:
        """There are no faults on a wire."""

    def stop(self) -> None:
        """Nothing runs."""

    def take(self, order_key: str, lines: dict[str, tuple[Decimal, Decimal, str]]) -> Held:
        """An order in the books."""
        order = Held(str(4711 + sum(map(len, self.books.values()))), lines)
        self.books.setdefault(order_key, []).append(order)
        return order

    def next_name(self, form: str) -> str:
        """A name that was not used."""
        self.files += 1
        return form.format(self.files)


class CsvWorld(FilesWorld):
    """Flat files: items, stock and customers, cancellations that are answered later."""

    offers = frozenset({"item", "stock", "customer", "change", "add_line"})
    answers = "later"
    sku, price = "PLB-30001", "8.80"
    other_sku, other_price = "HTL-40001", "17.60"

    def __init__(self, folder: pathlib.Path) -> None:
        self.on_hand, self.available = Decimal(500), Decimal(500)
        super().__init__(folder)
        drop(folder, "ARTIKEL1.CSV", "ARTIKEL;NAME;ME;PREIS", f"{self.sku};Ball valve;ST;11,00")
        drop(folder, "KUNDEN1.CSV", "KUNDE;NAME;LIMIT;SALDO", "10042;Harbor Hardware;25000,00;1200,50")
        self._write_stock()

    def connected(self, **changes: Any) -> FileErp:
        text = {"separator": ";", "decimal": ","}
        layouts = {name: layout for name, layout in LAYOUTS.items() if name != "price"} | {
            "item": {**text, "files": "ARTIKEL*.CSV", "columns": _named(
                sku="ARTIKEL", name="NAME", base_unit="ME", list_price="PREIS")},
            "customer": {**text, "files": "KUNDEN*.CSV", "columns": _named(
                customer="KUNDE", name="NAME", credit_limit="LIMIT", credit_balance="SALDO")},
            "stock": {**text, "files": "BESTAND*.CSV", "time": "%Y-%m-%dT%H:%M:%S.%f", "columns": _named(
                sku="ARTIKEL", warehouse="LAGER", on_hand="DA", available="FREI", as_of="STAND")},
        }  # fmt: skip
        values = {
            **SETTINGS, "folder": str(self.folder), "layouts": layouts, "ship_tos": {"HARBOR-01": "H1"},
            "items": {self.sku: self.sku, self.other_sku: self.other_sku},
        }  # fmt: skip
        made = make_adapter("csv_file", {**values, **changes})
        assert isinstance(made, FileErp)
        return made

    def answer(self) -> None:
        for path in sorted((self.folder / "out").glob("*.csv")):
            rows = list(csv.DictReader(path.read_text("cp1252").splitlines(), delimiter=";"))
            path.unlink()
            key = rows[0]["AUFTRAG"]
            if rows[0]["ART"] == "S":
                self._cancel(key)
                continue
            lines = {r["POS"]: (_number(r["MENGE"]), _number(r["PREIS"]), r["ARTIKEL"]) for r in rows}
            if rows[0]["ART"] == "A":
                [order] = self.books[key]
                order.lines = lines
            else:
                order = self.take(key, lines)
            said = [f"{key};{order.number};{p};{q};{_comma(price)};;OK;" for p, (q, price, _) in lines.items()]
            drop(self.folder, self.next_name("AB{}.CSV"), CONFIRMED, *said)
            self.available -= sum(quantity for quantity, _, sku in lines.values() if sku == self.sku)
            self._write_stock()

    def _cancel(self, key: str) -> None:
        [order] = self.books[key]
        order.cancelled = not order.shipped
        status = "STO" if order.cancelled else "OK"
        drop(self.folder, self.next_name("AB{}.CSV"), CONFIRMED, f"{key};{order.number};;;;;{status};")

    def ship(self, state: OrderState, quantities: Mapping[str, int]) -> None:
        [order] = self.books[state.order_key]
        number = f"L{order.number}-{len(order.shipped)}"
        order.shipped.append((number, dict(quantities)))
        rows = [f"{number};{state.order_key};{dt.datetime.now(dt.UTC):%d.%m.%Y};0001;;{p};{order.lines[p][2]};{q};ST"
                for p, q in quantities.items()]  # fmt: skip
        drop(self.folder, self.next_name("LS{}.CSV"), SHIPPED, *rows)
        self.on_hand -= sum(q for p, q in quantities.items() if order.lines[p][2] == self.sku)
        self._write_stock()

    def bill(self, state: OrderState) -> str:
        [order] = self.books[state.order_key]
        number, (_, quantities) = f"R{order.number}", order.shipped[-1]
        total = sum((q * order.lines[p][1] for p, q in quantities.items()), Decimal(0))
        head = f"{number};{state.order_key};{dt.datetime.now(dt.UTC):%d.%m.%Y};{_comma(total)};0"
        rows = [f"{head};{p};{order.lines[p][2]};{q};ST;{_comma(order.lines[p][1])}" for p, q in quantities.items()]
        drop(self.folder, self.next_name("RE{}.CSV"), BILLED, *rows)
        return number

    def _write_stock(self) -> None:
        now = dt.datetime.now(dt.UTC)
        row = f"{self.sku};0001;{_comma(self.on_hand)};{_comma(self.available)};{now:%Y-%m-%dT%H:%M:%S.%f}"
        drop(self.folder, self.next_name("BESTAND{}.CSV"), "ARTIKEL;LAGER;DA;FREI;STAND", row)


class SftpWorld(CsvWorld):
    """The same legacy ERP behind a real SFTP server: its folders are there, ours have what came and our state."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.ours, theirs = folder / "ours", folder / "theirs"
        for place in (self.ours, theirs / "in", theirs / "out"):
            place.mkdir(parents=True)
        self.server = Server(theirs)
        super().__init__(theirs)

    def connected(self, **changes: Any) -> FileErp:
        values: dict[str, Any] = {
            "folder": str(self.ours), "sftp_host": "127.0.0.1", "sftp_port": self.server.port, "sftp_user": USER,
            "sftp_host_key": self.server.host_key, "sftp_password": PASSWORD, "sftp_inbox": "in",
            "sftp_outbox": "out", "poll_seconds": 0.0,
        }  # fmt: skip
        return super().connected(**{**values, **changes})

    def stop(self) -> None:
        self.server.end()


def _named(**names: str) -> list[dict[str, str]]:
    return [{"field": field_name, "name": name} for field_name, name in names.items()]


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _comma(number: Decimal) -> str:
    return str(number).replace(".", ",")
