"""The taxes of an order line. Tryton's own screen works them out; over REST it takes what it is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from distportal.systems.erp.tryton.http import Record, TrytonHttp

_RULE = ("origin_tax", "group", "tax", "keep_origin", "sequence", "start_date", "end_date")


class Taxes:
    """Taxes of items, changed by a customer's tax rule as Tryton would."""

    def __init__(self, http: TrytonHttp) -> None:
        self._http = http

    def by_product(
        self, party: Record, products: Sequence[Record], on: dt.date, context: Record
    ) -> dict[int, list[int]]:
        """Tax ids by item id."""
        rule = self._rule(party["customer_tax_rule"], context)
        plain = {int(p["id"]): self._of_category(p["account_category"], context) for p in products}
        if not rule:
            return plain
        groups = self._groups({tax for taxes in plain.values() for tax in taxes}, context)
        return {product: apply_rule(rule, taxes, groups, on) for product, taxes in plain.items()}

    def _of_category(self, category: Record | None, context: Record) -> list[int]:
        while category and category["taxes_parent"] and category["parent"]:
            fields = ("customer_taxes", "taxes_parent", "parent")
            category = self._http.read("product.category", [_id(category["parent"])], fields, context)[0]
        return [_id(tax) for tax in category["customer_taxes"]] if category else []

    def _rule(self, rule: int | None, context: Record) -> list[Record]:
        if rule is None:
            return []
        order = (("sequence", "ASC"), ("id", "ASC"))
        return self._http.search("account.tax.rule.line", [["rule", "=", rule]], _RULE, context=context, order=order)

    def _groups(self, taxes: set[int], context: Record) -> dict[int, int | None]:
        return {row["id"]: row["group"] for row in self._http.read("account.tax", sorted(taxes), ["group"], context)}


def apply_rule(rule: Sequence[Record], taxes: Sequence[int], groups: dict[int, int | None], on: dt.date) -> list[int]:
    """The taxes after the rule: for each tax the first matching line replaces it, drops it or adds to it."""
    result: list[int] = []
    for tax in taxes:
        line = next((line for line in rule if _matches(line, tax, groups.get(tax), on)), None)
        if line is None or line["keep_origin"]:
            result.append(tax)
        if line is not None and line["tax"]:
            result.append(line["tax"])
    return list(dict.fromkeys(result))


def _matches(line: Record, tax: int, group: int | None, on: dt.date) -> bool:
    begun = line["start_date"] is None or line["start_date"] <= on
    running = line["end_date"] is None or on <= line["end_date"]
    return begun and running and line["origin_tax"] in (None, tax) and line["group"] in (None, group)


def _id(value: Record | int) -> int:
    return int(value["id"]) if isinstance(value, dict) else int(value)
