"""Prices as Tryton works them out: list prices, and per customer the rungs of the price list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from distportal.canonical.base import plain
from distportal.systems.erp.keyset import version
from distportal.systems.erp.port import Change, DraftLine
from distportal.systems.erp.tryton.codes import Codes
from distportal.systems.erp.tryton.http import Record, TrytonHttp
from distportal.systems.erp.tryton.masters import Masters
from distportal.systems.errors import Rejected

ALWAYS = "2000-01-01"  # a price list of Tryton has no dates of its own


class Prices:
    """Price lists are computed once and given to each of their customers."""

    def __init__(self, http: TrytonHttp, masters: Masters, codes: Codes) -> None:
        self._http = http
        self._masters = masters
        self._codes = codes

    def quote(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> list[DraftLine]:
        """The lines with the customer's price per the line's unit, in one call for each unit and quantity."""
        party = self._masters.customer(customer)
        products = self._masters.products([line.sku for line in lines])
        alike: dict[tuple[int, Decimal], list[DraftLine]] = defaultdict(list)
        for line in lines:
            alike[self._masters.unit(products[line.sku], line.unit), line.quantity].append(line)
        found: dict[str, Decimal] = {}
        for (unit, quantity), some in alike.items():
            ids = [products[line.sku]["id"] for line in some]
            asked = {"customer": party["id"], "uom": unit, "sale_date": on}
            prices = self._compute(ids, party["sale_price_list"] or self._house_list(), quantity, asked)
            found |= {
                line.line_key: prices[products[line.sku]["id"]] for line in some if products[line.sku]["id"] in prices
            }
        if missing := [line.sku for line in lines if line.line_key not in found]:
            raise Rejected("erp.price_missing", f"Tryton has no price for {', '.join(missing)}")
        return [replace(line, unit_price=found[line.line_key]) for line in lines]

    def rungs(self, ids: Sequence[int], parties: Sequence[Record], *, with_list: bool) -> list[Change]:
        """All rungs of these items for these parties; with the list price where asked for."""
        as_of = self._http.clock().at
        products = self._http.read("product.product", ids, ("code", "default_uom", "salable"), self._masters.context)
        products = [p for p in products if p["code"] and p["salable"]]
        made = []
        if with_list:
            made += self._of_list(products, None, [""], "", as_of)
        accounts, house = defaultdict[int, list[str]](list), self._house_list()
        for party in parties:
            if chosen := party["sale_price_list"] or house:
                accounts[chosen].append(self._codes.our_account(party["code"]))
        for price_list, names in accounts.items():
            title = self._http.read("product.price_list", [price_list], ("name",), self._masters.context)[0]["name"]
            made += self._of_list(products, price_list, names, title, as_of)
        return made

    def _of_list(
        self,
        products: Sequence[Record],
        price_list: int | None,
        accounts: Iterable[str],
        contract: str,
        as_of: dt.datetime,
    ) -> list[Change]:
        made, names = [], list(accounts)
        by_unit: dict[int, list[Record]] = defaultdict(list)
        for product in products:
            by_unit[product["default_uom"]].append(product)
        for quantity in self._steps(price_list):
            for unit, some in by_unit.items():
                prices = self._compute([p["id"] for p in some], price_list, quantity, {"uom": unit})
                made += [
                    self._rung(product, account, contract, quantity, prices[product["id"]], as_of)
                    for account in names
                    for product in some
                    if product["id"] in prices
                ]
        return made

    def _rung(
        self, product: Record, account: str, contract: str, quantity: Decimal, price: Decimal, as_of: dt.datetime
    ) -> Change:
        payload = {
            "sku": product["code"],
            "account": account,
            "contract": contract,
            "min_quantity": plain(quantity),
            "unit_price": plain(price),
            "currency": self._masters.company.currency_code,
            "valid_from": ALWAYS,
            "valid_until": None,
        }
        erp_id = f"{account}/{product['id']}/{plain(quantity)}"
        return Change(kind="price", erp_id=erp_id, version=version(as_of), occurred_at=as_of, payload=payload)

    def _steps(self, price_list: int | None) -> list[Decimal]:
        if price_list is None:
            return [Decimal(1)]
        lines = self._http.search("product.price_list.line", [["price_list", "=", price_list]], ("quantity",),
                                  context=self._masters.context)  # fmt: skip
        return sorted({Decimal(1), *(Decimal(str(line["quantity"])) for line in lines if line["quantity"])})

    def _house_list(self) -> int | None:
        """The price list of everybody who has none of their own."""
        found = self._http.search("sale.configuration", [], ("sale_price_list",), context=self._masters.context)
        return found[0]["sale_price_list"] if found else None

    def _compute(
        self, ids: Sequence[int], price_list: int | None, quantity: Decimal, asked: Record
    ) -> dict[int, Decimal]:
        currency = self._masters.company.currency
        context = {**self._masters.context, "currency": currency, "quantity": float(quantity), **asked}
        if price_list is not None:
            context["price_list"] = price_list
        rows = self._http.read("product.product", ids, ("sale_price_uom",), context)
        return {row["id"]: row["sale_price_uom"] for row in rows if row["sale_price_uom"] is not None}
