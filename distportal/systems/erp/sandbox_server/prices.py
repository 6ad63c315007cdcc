"""What an item costs a customer, and changing it."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from .errors import Invalid, NotFound
from .store import Row, Tx

CENT = Decimal("0.01")


def attributes_of(item: Row) -> Row:
    """What only some items have."""
    found: Row = json.loads(item["attributes"] or "{}")
    return found


def unit_factor(item: Row, unit: str) -> int:
    """Base units in one `unit`. Raises Invalid for a unit the item is not sold in."""
    more = attributes_of(item)
    sold = {told: int(size) for told, size, _, sold in more.get("packs", []) if sold}
    if "packs" not in more:
        sold[item["pack_unit"]] = int(item["pack_size"])
    if more.get("base_sold", True):
        sold[item["base_unit"]] = 1
    if unit in sold:
        return sold[unit]
    raise Invalid("unit_unknown", f"{item['matnr']} is not sold in {unit}", matnr=item["matnr"], unit=unit)


def price_of(tx: Tx, customer: str, item: Row, base_quantity: int, on: str) -> Row:
    """The rung that applies on that day: the contract's if there is one, else the list's; per base unit."""
    rung = tx.row(
        "SELECT * FROM price WHERE matnr = ? AND customer IN (?, '') AND min_quantity <= ? AND valid_from <= ? "
        "AND (valid_until IS NULL OR valid_until >= ?) ORDER BY customer DESC, min_quantity DESC LIMIT 1",
        item["matnr"], customer, max(base_quantity, 1), on, on,
    )  # fmt: skip
    if rung is None:
        raise Invalid("price_missing", f"{item['matnr']} has no price on {on}", matnr=item["matnr"])
    return rung


def quote(tx: Tx, body: Row) -> Row:
    """Prices of the asked lines, each per the line's own unit."""
    on = str(body.get("on") or tx.today.isoformat())
    answered = []
    for line in body.get("lines", []):
        item = item_by(tx, str(line["matnr"]))
        factor = unit_factor(item, str(line["unit"]))
        rung = price_of(tx, str(body["customer"]), item, int(Decimal(str(line["quantity"])) * factor), on)
        price = (Decimal(rung["unit_price"]) * factor).quantize(CENT, rounding=ROUND_HALF_UP)
        answered.append({"posex": line["posex"], "price": str(price), "contract": rung["contract"]})
    return {"lines": answered, "currency": "USD"}


def item_by(tx: Tx, number: str) -> Row:
    """The item by material or catalogue number. Raises Invalid if there is none."""
    found = tx.row("SELECT * FROM item WHERE matnr = ? OR catalogue_no = ?", number, number)
    if found is None:
        raise Invalid("item_unknown", f"no item {number}", matnr=number)
    return found


def reprice(tx: Tx, number: str, price: str, customer: str = "") -> Row:
    """The item after its price changed: the list price, or with `customer` the first rung of that contract."""
    item = item_by(tx, number)
    try:
        amount = Decimal(price)
    except InvalidOperation:
        raise Invalid("price_invalid", f"{price!r} is not a price") from None
    if amount <= 0:
        raise Invalid("price_invalid", "a price must be above zero")
    rung = tx.row("SELECT id FROM price WHERE matnr = ? AND customer = ? AND min_quantity = 1", item["matnr"], customer)
    if rung is None:
        raise NotFound(f"a price of {number} for {customer or 'the list'}")
    tx.run("UPDATE price SET unit_price = ? WHERE id = ?", str(amount), rung["id"])
    tx.touch("price", rung["id"])
    if not customer:
        tx.run("UPDATE item SET list_price = ? WHERE matnr = ?", str(amount), item["matnr"])
        tx.touch("item", item["matnr"])
    return {"matnr": item["matnr"], "catalogue_no": item["catalogue_no"], "price": str(amount), "customer": customer}
