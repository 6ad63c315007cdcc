"""Dangerous goods, and what else may not go by every way."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inventory.choices import ShipMethod
from inventory.queries.restrictions import forbidding
from orders.process.rules.base import Facts, Finding

# X12 element 91
_BY_CODE = {
    **dict.fromkeys(("A", "AE", "AC", "6", "7"), ShipMethod.AIR),
    **dict.fromkeys(("S", "O", "VE", "VL"), ShipMethod.OCEAN),
    **dict.fromkeys(("U", "D", "PP"), ShipMethod.PARCEL),
    **dict.fromkeys(("M", "J", "LT", "L", "E", "SR", "C", "H"), ShipMethod.GROUND),
    **dict.fromkeys(("R", "X", "SF"), ShipMethod.RAIL),
}
_WORDS = {"air": ShipMethod.AIR, "overnight": ShipMethod.AIR, "ocean": ShipMethod.OCEAN, "ground": ShipMethod.GROUND}


def check_hazards(facts: Facts) -> Iterator[Finding]:
    """Nothing goes where, or in a way, that a restriction forbids; the line waits with the reason."""
    if facts.ship_to is None:
        return
    method = _method(facts)
    for fact in facts.lines:
        item = fact.item
        if item is None:
            continue
        row = forbidding(facts.restrictions.get(item.pk, ()), region=facts.ship_to.region, method=method)
        if row is not None:
            said = {
                "line_no": fact.line.line_no, "region": facts.ship_to.region, "reason": row.reason,
                "what": f"{item.sku} ({item.hazard_text})" if item.hazmat else item.sku,
                "method": ShipMethod(method).label.lower() if method else "",
            }  # fmt: skip
            yield Finding(
                code="hazmat_restricted",
                severity="error",
                line_no=fact.line.line_no,
                message=_words(regions=bool(row.regions), methods=bool(row.methods)) % said,
                remedy=_("Agree on another way or another ship-to with the buyer, or reject the line"),
                data={"restriction": row.pk, "region": facts.ship_to.region, "method": method},
            )


def _words(*, regions: bool, methods: bool) -> str:
    if regions and methods:
        return _("Line %(line_no)s: %(what)s may not go to %(region)s by %(method)s: %(reason)s")
    if regions:
        return _("Line %(line_no)s: %(what)s may not go to %(region)s: %(reason)s")
    if methods:
        return _("Line %(line_no)s: %(what)s may not go by %(method)s: %(reason)s")
    return _("Line %(line_no)s: %(what)s may not go: %(reason)s")


def _method(facts: Facts) -> str:
    """How the buyer wants it sent, as far as the order says."""
    code = facts.order.transport.upper()
    if code in _BY_CODE:
        return _BY_CODE[code].value
    words = facts.order.carrier.lower().split()
    return next((method.value for word, method in _WORDS.items() if word in words), "")
