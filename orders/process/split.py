"""How many warehouses may send an order and each of its lines: what was agreed, and what the ERP can take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from distportal.common.remembering import remembered
from distportal.systems.errors import Misconfigured
from distportal.systems.registry import erp
from inventory.process.reservations import Holding, Limits
from orders.process.erp_lines import part_keys
from orders.process.policy import Policies
from orders.queries.line_parts import LinePart, stored_parts

if TYPE_CHECKING:
    from orders.models import OrderLine

SPLIT = "split"
"""The policy whose figures are `per_line`, `per_order` (warehouses) and `least_part` (in the unit that was ordered)."""


def split_of(policies: Policies) -> int:
    """How many warehouses may send one line; one where nothing was agreed."""
    return max(int(policies.figure(SPLIT, "per_line") or 1), 1)


def least_part(policies: Policies) -> Decimal:
    """What a further warehouse sends at least of a line, in the unit that was ordered."""
    return policies.figure(SPLIT, "least_part") or Decimal(0)


def limits_of(policies: Policies, *, of: str) -> Limits:
    """All limits on one order that goes to the connection `of`."""
    per_order = policies.figure(SPLIT, "per_order")
    return Limits(
        split=split_of(policies),
        places=None if per_order is None else max(int(per_order), 1),
        also=partial(_erp_limit, of),
    )


def _erp_limit(of: str) -> int | None:
    """One where the ERP sends an order from one warehouse. A connection that is off or wrong decides nothing now."""
    return remembered(("orders.erp_limit", of), partial(_read_erp_limit, of))


def _read_erp_limit(of: str) -> int | None:
    try:
        return 1 if erp(of).capabilities().warehouse_of == "order" else None
    except Misconfigured:
        return None


def set_parts(lines: Sequence[OrderLine], holdings: Sequence[Holding], *, all_numbers: Sequence[str]) -> None:
    """Each line that several warehouses send says which sends what; `all_numbers` are those of all lines."""
    keys = part_keys(all_numbers)
    for line, holding in zip(lines, holdings, strict=True):
        size = line.base_quantity / line.quantity
        by_place: dict[str, LinePart] = {}
        for part in holding.parts:
            known = by_place.get(part.warehouse_code)
            if known is None:
                key = next(keys) if by_place else line.line_no
                known = LinePart(key=key, warehouse=part.warehouse_code, quantity=Decimal(0))
            by_place[part.warehouse_code] = replace(known, quantity=known.quantity + part.quantity / size)
        line.parts = stored_parts(list(by_place.values())) if len(by_place) > 1 else []
