"""One order, one ERP."""

from __future__ import annotations

from collections.abc import Iterable

from orders.process.rules.base import Facts, Finding


def check_one_erp(facts: Facts) -> Iterable[Finding]:
    """A finding for each line that is with another ERP than its order, `divisible` where not all of them are."""
    route = facts.route
    if route is None:
        return
    divisible = any(fact.line.line_no not in route.strays for fact in facts.lines)
    for line_no, other in route.strays.items():
        yield Finding(
            code="two_erps",
            severity="error",
            line_no=line_no,
            message=f"line {line_no} is with ERP {other}, the order goes to ERP {route.erp}: {route.why}",
            remedy="split the order by ERP, or move the item, warehouse or account",
            data={"order_erp": route.erp, "line_erp": other, "divisible": divisible},
        )
