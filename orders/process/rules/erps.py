"""One order, one ERP."""

from __future__ import annotations

from collections.abc import Iterable

from orders.process.rules.base import Facts, Finding


def check_one_erp(facts: Facts) -> Iterable[Finding]:
    """A finding for each line that is with another ERP than its order."""
    route = facts.route
    if route is None:
        return
    for line_no, other in route.strays.items():
        yield Finding(
            code="two_erps",
            severity="error",
            line_no=line_no,
            message=f"line {line_no} is with ERP {other}, the order goes to ERP {route.erp}: {route.why}",
            remedy="split the order by ERP, or move the item, warehouse or account",
            data={"order_erp": route.erp, "line_erp": other},
        )
