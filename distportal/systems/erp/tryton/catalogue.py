"""Items, stock, prices and customers of Tryton in the port's shapes and our codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from distportal.canonical.base import plain
from distportal.systems.erp.keyset import version
from distportal.systems.erp.port import Change
from distportal.systems.erp.tryton.codes import Codes
from distportal.systems.erp.tryton.cursors import STAMP
from distportal.systems.erp.tryton.http import Record, TrytonHttp
from distportal.systems.erp.tryton.masters import Masters
from distportal.systems.erp.tryton.settings import TrytonSettings

_ITEM = (
    "code", "name", "description", "active", "salable", "list_price_used", STAMP, f"template.{STAMP}",
    "default_uom.name", "default_uom.factor", "sale_uom.name", "sale_uom.factor",
    "identifiers.type", "identifiers.code", "categories.name",
)  # fmt: skip
_PARTY = ("code", "name", "active", STAMP)
GOODS: list[object] = [["type", "=", "goods"], ["code", "!=", None]]


class Catalogue:
    """Reads master data; every method takes ids and leaves out records that have no code."""

    def __init__(self, http: TrytonHttp, masters: Masters, codes: Codes, settings: TrytonSettings) -> None:
        self._http = http
        self._masters = masters
        self._codes = codes
        self._settings = settings

    def items(self, ids: Sequence[int]) -> list[Change]:
        """Items, inactive ones as discontinued."""
        rows = self._http.read("product.product", ids, _ITEM, self._masters.context)
        return [self._item(row) for row in rows if row["code"]]

    def stock(self, ids: Sequence[int], warehouses: Sequence[str] = ()) -> list[Change]:
        """What lies in each mapped warehouse (or those named, in our codes), as of just before it was read."""
        as_of, wanted = self._http.clock().at, set(warehouses)
        made: list[Change] = []
        for code, location in self._masters.warehouses.items():
            ours = self._codes.our_warehouse(code)
            if wanted and ours not in wanted:
                continue
            here = {**self._masters.context, "locations": [location], "with_childs": True}
            now = self._figures(ids, {**here, "stock_date_end": as_of.date()})
            later = self._figures(ids, {**here, "stock_date_end": dt.date.max})
            supply = self._supply(list(now), location, as_of.date())
            made += [_stock(row, later[n], ours, as_of, supply.get(n)) for n, row in now.items()]
        return made

    def customers(self, ids: Sequence[int]) -> list[Change]:
        """Parties with their credit; without the credit module all have the connection's limit and owe nothing."""
        fields = (*_PARTY, "credit_limit_amount", "credit_amount") if self._settings.credit_limits else _PARTY
        as_of = self._http.clock().at
        rows = self._http.read("party.party", ids, fields, self._masters.context)
        return [self._customer(row, as_of) for row in rows if row["code"]]

    def every(self, model: str, domain: Sequence[object], size: int) -> Iterator[list[int]]:
        """The ids of all records, page by page, by ascending id."""
        last = 0
        while True:
            past = [list(domain), ["id", ">", last]]
            page = [row["id"] for row in self._http.search(model, past, ("id",), context=self._all, limit=size)]
            if page:
                yield page
            if len(page) < size:
                return
            last = page[-1]

    @property
    def _all(self) -> Record:
        return {**self._masters.context, "active_test": False}

    def _figures(self, ids: Sequence[int], context: Record) -> dict[int, Record]:
        fields = ("code", "type", "quantity", "forecast_quantity")
        rows = self._http.read("product.product", ids, fields, context)
        return {row["id"]: row for row in rows if row["code"] and row["type"] == "goods"}

    def _supply(self, ids: Sequence[int], location: int, today: dt.date) -> dict[int, Record]:
        domain = [
            ["product", "in", list(ids)],
            ["state", "in", ["draft", "assigned"]],
            ["from_location.type", "=", "supplier"],
            ["to_location", "child_of", [location], "parent"],
            ["planned_date", ">=", today],
        ]
        fields = ("product", "planned_date", "internal_quantity")
        order = (("planned_date", "DESC"), ("id", "DESC"))
        moves = self._http.search("stock.move", domain, fields, context=self._masters.context, order=order)
        return {move["product"]: move for move in moves}  # the earliest comes last and stays

    def _item(self, row: Record) -> Change:
        base, pack = row["default_uom"], row["sale_uom"] or row["default_uom"]
        payload = {
            "sku": row["code"],
            "erp_code": str(row["id"]),
            "name": row["name"],
            "description": row["description"] or "",
            "family": row["categories"][0]["name"] if row["categories"] else "",
            "upc": next((i["code"] for i in row["identifiers"] if i["type"] in ("ean", "upc")), ""),
            "base_unit": self._codes.our_unit(base["name"]),
            "pack_unit": self._codes.our_unit(pack["name"]),
            "pack_size": plain(Decimal(str(pack["factor"])) / Decimal(str(base["factor"]))),
            "list_price": plain(row["list_price_used"] or Decimal(0)),
            "currency": self._masters.company.currency_code,
            "status": "discontinued" if not row["active"] else "active" if row["salable"] else "blocked",
            "hazmat": False,
            "restricted_regions": [],
            "weight_lb": "0",
        }
        stamp = max(row[STAMP], row["template"][STAMP])
        return Change(kind="item", erp_id=str(row["id"]), version=version(stamp), occurred_at=stamp, payload=payload)

    def _customer(self, row: Record, as_of: dt.datetime) -> Change:
        limit = row.get("credit_limit_amount")
        payload = {
            "account": self._codes.our_account(row["code"]),
            "erp_code": row["code"],
            "name": row["name"],
            "status": "active" if row["active"] else "blocked",
            "credit_limit": plain(self._settings.unlimited_credit if limit is None else limit),
            "credit_balance": plain(row.get("credit_amount") or Decimal(0)),
        }
        return Change(
            kind="customer", erp_id=str(row["id"]), version=version(as_of), occurred_at=as_of, payload=payload
        )


def _stock(row: Record, later: Record, warehouse: str, as_of: dt.datetime, supply: Record | None) -> Change:
    # What is planned to come has not come yet, and what is planned to leave on a later day is promised already.
    available = max(0.0, min(row["quantity"], row["forecast_quantity"], later["forecast_quantity"]))
    payload = {
        "sku": row["code"],
        "warehouse": warehouse,
        "on_hand": plain(Decimal(str(row["quantity"]))),
        "available": plain(Decimal(str(available))),
        "as_of": as_of.isoformat(),
        "supply_on": supply["planned_date"].isoformat() if supply else None,
        "supply_quantity": plain(Decimal(str(supply["internal_quantity"]))) if supply else "0",
    }
    return Change(
        kind="stock", erp_id=f"{row['id']}/{warehouse}", version=version(as_of), occurred_at=as_of, payload=payload
    )
