"""One list of rules for all channels."""

from orders.process.rules.account import check_account, check_credit, check_po_number
from orders.process.rules.base import Facts, Finding, LineFacts, Rule
from orders.process.rules.delivery import check_dates, check_restrictions, check_ship_to, check_stock
from orders.process.rules.items import check_items, check_prices, check_units

RULES: tuple[Rule, ...] = (
    check_account,
    check_credit,
    check_po_number,
    check_items,
    check_units,
    check_prices,
    check_stock,
    check_ship_to,
    check_dates,
    check_restrictions,
)

__all__ = ["RULES", "Facts", "Finding", "LineFacts", "Rule"]
