"""Rounding and showing money; amounts are Decimal beside a currency column."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """The amount at two decimals, half up, as invoices print it."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def show_money(amount: Decimal, currency: str) -> str:
    """`$1,234.50`, `($12.00)` for a negative amount, `CHF 5.00` for currencies without a short sign."""
    sign = {"USD": "$", "CAD": "CA$", "EUR": "€", "GBP": "£"}.get(currency, f"{currency} ")
    text = f"{sign}{to_cents(abs(amount)):,}"
    return f"({text})" if amount < 0 else text
