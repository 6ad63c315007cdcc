"""What an ERP tells of lots, shelf life and dangerous goods, as it is kept: what makes no sense is passed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import structlog

from distportal.canonical.base import plain

log = structlog.get_logger(__name__)

LONGEST = 30_000
"""Days: more than eighty years is no shelf life but a way to say that there is none."""
_TEXTS = ("un_number", "name", "hazard_class", "packing_group")


def told_lots(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lots of a stock figure, `[{lot, quantity, expires_on}]`. One that cannot be counted is told in the log: the
    figure is worth more than one lot of it.
    """
    found = []
    for told in data.get("lots") or ():
        quantity, expires_on = Decimal(str(told["quantity"])), told.get("expires_on") or None
        if not quantity.is_finite() or quantity < 0 or (expires_on and not _is_day(expires_on)):
            log.warning("sync.lot_passed_over", sku=data.get("sku"), lot=told.get("lot"), quantity=str(quantity))
        elif quantity:
            found.append({"lot": str(told.get("lot") or ""), "quantity": plain(quantity), "expires_on": expires_on})
    return found


def told_shelf_life(data: Mapping[str, Any]) -> int:
    """How many days of shelf life have to be left, 0 where the ERP says nothing that could be one."""
    days = int(data.get("least_shelf_life") or 0)
    return days if 0 < days <= LONGEST else 0


def told_hazard(data: Mapping[str, Any]) -> dict[str, Any]:
    """What kind of dangerous goods it is, as far as the ERP tells it; `un_number` is four digits without the UN."""
    told = data.get("hazard") or {}
    found: dict[str, Any] = {name: str(told[name]).strip()[:120] for name in _TEXTS if told.get(name)}
    if "un_number" in found:
        found["un_number"] = found["un_number"].upper().removeprefix("UN").strip()
    if told.get("limited_quantity"):
        found["limited_quantity"] = True
    return found


def _is_day(text: object) -> bool:
    try:
        dt.date.fromisoformat(str(text))
    except ValueError:
        return False
    return True
