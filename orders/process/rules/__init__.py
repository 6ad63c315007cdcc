"""One list of rules for all channels."""

from orders.process.rules.account import check_account, check_credit, check_po_number
from orders.process.rules.base import Facts, Finding, LineFacts, Rule
from orders.process.rules.delivery import check_dates, check_restrictions, check_ship_to, check_stock
from orders.process.rules.erps import check_one_erp
from orders.process.rules.hazards import check_hazards
from orders.process.rules.items import check_endings, check_items, check_prices, check_substitutes, check_units
from orders.process.rules.quantities import check_barcodes, check_conversions, check_order_minimum, check_quantities

RULES: tuple[Rule, ...] = (
    check_account,
    check_credit,
    check_po_number,
    check_items,
    check_substitutes,
    check_endings,
    check_units,
    check_barcodes,
    check_quantities,
    check_conversions,
    check_order_minimum,
    check_prices,
    check_stock,
    check_ship_to,
    check_dates,
    check_restrictions,
    check_hazards,
    check_one_erp,
)

__all__ = ["RULES", "Facts", "Finding", "LineFacts", "Rule"]
