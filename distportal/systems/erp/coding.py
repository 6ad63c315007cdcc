"""Translate what goes to an ERP and what comes back, for the kinds of codes that its adapter leaves as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from distportal.systems.erp.port import Change, DraftLine, OrderDraft, OrderState, Page
from distportal.systems.erp.spoken import our_code, their_code

_FLAT: dict[str, dict[str, str]] = {
    "item": {"sku": "item", "base_unit": "unit", "pack_unit": "unit"},
    "stock": {"sku": "item", "warehouse": "warehouse"},
    "price": {"sku": "item", "account": "customer"},
    "customer": {"account": "customer"},
    "shipment": {"carrier": "carrier"},
    "invoice": {"terms": "terms"},
}
"""Feed -> field of its payload -> kind of code."""
_SCOPE = {"sku": "item", "warehouse": "warehouse", "account": "customer"}


@dataclass(frozen=True, slots=True)
class Coding:
    """`own` are the kinds that the adapter translates itself. A code that nobody mapped stays as it is."""

    own: frozenset[str]

    def draft(self, draft: OrderDraft) -> OrderDraft:
        """The draft in the ERP's codes; key and hash stay."""
        return replace(
            draft,
            customer=self._theirs("customer", draft.customer),
            ship_to=self._theirs("ship_to", draft.ship_to),
            lines=tuple(self.lines(draft.lines)),
        )

    def lines(self, lines: Sequence[DraftLine]) -> list[DraftLine]:
        """Lines in the ERP's codes."""
        return [
            replace(
                line,
                sku=self._theirs("item", line.sku),
                unit=self._theirs("unit", line.unit),
                warehouse=self._theirs("warehouse", line.warehouse),
            )
            for line in lines
        ]

    def customer(self, account: str) -> str:
        """The ERP's code of an account."""
        return self._theirs("customer", account)

    def scope(self, scope: Mapping[str, str]) -> dict[str, str]:
        """What narrows a snapshot, in the ERP's codes."""
        return {name: self._theirs(_SCOPE[name], code) if name in _SCOPE else code for name, code in scope.items()}

    def state(self, state: OrderState) -> OrderState:
        """An order as the ERP holds it, in our codes."""
        lines = tuple(replace(line, warehouse=self._ours("warehouse", line.warehouse)) for line in state.lines)
        return replace(state, lines=lines) if lines != state.lines else state

    def page(self, page: Page) -> Page:
        """A page of a feed in our codes."""
        return replace(page, changes=tuple(self.changes(page.changes)))

    def changes(self, changes: Sequence[Change]) -> list[Change]:
        """Changes in our codes."""
        return [replace(change, payload=self._payload(change.kind, change.payload)) for change in changes]

    def _payload(self, feed: str, given: Mapping[str, Any]) -> dict[str, Any]:
        data = dict(given)
        for name, kind in _FLAT.get(feed, {}).items():
            if data.get(name):
                data[name] = self._ours(kind, data[name])
        for name, field, kind in (("packs", "unit", "unit"), ("substitutes", "sku", "item")):
            if feed == "item" and data.get(name):
                data[name] = [{**one, field: self._ours(kind, one[field])} for one in data[name]]
        for name, kind in (("ship_from", "warehouse"), ("ship_to", "ship_to")):
            if feed == "shipment" and data.get(name):
                data[name] = {**data[name], "code": self._ours(kind, data[name].get("code") or "")}
        if feed in ("order", "shipment", "invoice") and data.get("lines"):
            data["lines"] = [self._line(line) for line in data["lines"]]
        return data

    def _line(self, given: Mapping[str, Any]) -> dict[str, Any]:
        line = dict(given)
        for name in ("unit", "warehouse"):
            if line.get(name):
                line[name] = self._ours(name, line[name])
        if line.get("items"):
            line["items"] = [
                {**one, "value": self._ours("item", one["value"])} if one.get("qualifier") == "sku" else one
                for one in line["items"]
            ]
        return line

    def _theirs(self, kind: str, code: str) -> str:
        return code if kind in self.own else their_code(kind, code) or code

    def _ours(self, kind: str, code: str) -> str:
        return code if kind in self.own else our_code(kind, code) or code
