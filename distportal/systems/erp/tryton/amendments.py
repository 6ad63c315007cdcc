"""Change a sale that is in process: Tryton's module `sale_amendment` does it, in one step that carries our mark.

An amendment is made with the new lines and our mark in its description, then validated; validating changes the sale and
plans its goods anew. Whatever gets lost in between, the same amendment is found by its mark and brought to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from distportal.systems.erp.marks import marked
from distportal.systems.erp.port import DraftLine, OrderDraft
from distportal.systems.erp.tryton.http import Record, TrytonHttp
from distportal.systems.erp.tryton.masters import Masters
from distportal.systems.errors import Rejected

_LINE = (
    "type", "sequence", "quantity", "unit_price", "unit.factor", "product.code",
    "moves.state", "moves.quantity", "moves.unit.factor", "moves.shipment",
)  # fmt: skip
_NOT_LEFT = frozenset({"draft", "staging", "cancelled"})
_IN_HAND = ["assigned", "picked", "packed"]
CANCELLED = "cancelled"  # stands where an amendment of ours has a hash


class Amendments:
    """The amendments of one company's sales."""

    def __init__(self, http: TrytonHttp, masters: Masters) -> None:
        self._http = http
        self._masters = masters

    def amend(self, sale_id: int, draft: OrderDraft) -> None:
        """The sale has the draft's lines. Raises Rejected for what an amendment cannot do or what has left."""
        self._bring_in(sale_id, draft.content_hash, draft)

    def empty(self, sale_id: int) -> None:
        """Nothing of the sale is wanted any more; only for one of which nothing has left. Raises Rejected."""
        self._bring_in(sale_id, CANCELLED, None)

    def _bring_in(self, sale_id: int, mark: str, draft: OrderDraft | None) -> None:
        context, description = self._masters.context, marked("", content_hash=mark)
        domain = [["sale", "=", sale_id], ["description", "=", description]]
        found = self._http.search("sale.amendment", domain, ("state",), context=context)
        if found and found[0]["state"] == "validated":
            self._http.press("sale.sale", sale_id, "process", context)
            return
        lines = self._lines(sale_id, draft)  # also of one that is there: goods may have left since it was made
        if not found:
            values = {"sale": sale_id, "date": self._http.clock().at.date(), "description": description,
                      "lines": [["create", lines]]}  # fmt: skip
            found = [self._http.create("sale.amendment", values, ("state",), context)]
        self._http.press("sale.amendment", int(found[0]["id"]), "validate_amendment", context)

    def _lines(self, sale_id: int, draft: OrderDraft | None) -> list[Record]:
        rows = self._http.search("sale.line", [["sale", "=", sale_id]], _LINE, context=self._masters.context)
        self._check_hands(rows)
        held = {str(row["sequence"]): row for row in rows if row["type"] == "line"}
        wanted = {line.line_key: line for line in draft.lines} if draft else {}
        if added := sorted(wanted.keys() - held.keys()):
            message = f"Tryton adds no line to an order in process: order {', '.join(added)} anew"
            raise Rejected("erp.line_not_added", message)
        products = self._masters.products([line.sku for line in wanted.values()]) if wanted else {}
        changes = [_amended(row, wanted.get(key), products, self._masters) for key, row in held.items()]
        return [change for change in changes if change]

    def _check_hands(self, rows: Sequence[Record]) -> None:
        """An amendment takes the goods out of a shipment that is being picked and leaves it standing: not behind the
        backs of the people who pick.
        """
        shipments = {move["shipment"] or "" for row in rows for move in row["moves"]}
        ids = [int(i.partition(",")[2]) for i in shipments if i.startswith("stock.shipment.out,")]
        domain = [["id", "in", ids], ["state", "in", _IN_HAND]]
        picked = self._http.search("stock.shipment.out", domain, ("number",), context=self._masters.context)
        if picked:
            numbers = ", ".join(row["number"] for row in picked)
            raise Rejected("erp.being_picked", f"Tryton's warehouse has shipment {numbers} in hand: ask its people")


def _amended(row: Record, line: DraftLine | None, products: dict[str, Record], masters: Masters) -> Record | None:
    quantity, price, unit = Decimal(0), row["unit_price"], int(row["unit"]["id"])
    if line is not None:
        if row["product"]["code"] != line.sku:
            message = f"Tryton keeps the item of a line in process: delete line {line.line_key} and order {line.sku}"
            raise Rejected("erp.item_not_changed", message)
        quantity, price, unit = line.quantity, line.unit_price, masters.unit(products[line.sku], line.unit)
    left = _left(row["moves"], row["unit"])
    if line is None:
        quantity = left  # it is deleted as far as it has not left
    elif quantity < left:
        message = f"{left.normalize():f} of line {row['sequence']} have left"
        raise Rejected("erp.quantity_below_shipped", message)
    if (quantity, price, unit) == (Decimal(str(row["quantity"])), row["unit_price"], row["unit"]["id"]):
        return None
    return {"action": "line", "line": row["id"], "product": row["product"]["id"], "quantity": float(quantity),
            "unit": unit, "unit_price": price}  # fmt: skip


def _left(moves: Sequence[Record], unit: Record) -> Decimal:
    """How much has left, in the line's unit."""
    gone = (m for m in moves if m["state"] not in _NOT_LEFT)
    return sum(
        (Decimal(str(m["quantity"])) * Decimal(str(m["unit"]["factor"])) / Decimal(str(unit["factor"])) for m in gone),
        Decimal(0),
    )
