"""One order, one ERP."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

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
            message=_("line %(line_no)s is with ERP %(other)s, the order goes to ERP %(erp)s: %(why)s")
            % {"line_no": line_no, "other": other, "erp": route.erp, "why": route.why},
            remedy=_("split the order by ERP, or move the item, warehouse or account"),
            data={"order_erp": route.erp, "line_erp": other, "divisible": divisible},
        )
