"""Rounding and showing money; amounts are Decimal beside a currency column."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
SIGNS = {"USD": "$", "CAD": "CA$", "EUR": "€", "GBP": "£"}
"""The short signs of currencies; all others are written with their ISO 4217 code."""


def to_cents(amount: Decimal) -> Decimal:
    """The amount at two decimals, half up, as invoices print it."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def grouped(amount: Decimal, *, least: int) -> str:
    """`1,234.5`: thousands apart, no trailing zeros but at least so many decimals; for amounts of nothing or more."""
    whole, _, fraction = f"{amount:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{int(whole):,}" + (f".{fraction}" if fraction else "")


def show_price(price: Decimal, currency: str) -> str:
    """A price per unit: `$0.425`, `$7.32`; at least two decimals and never fewer than the price has."""
    text = f"{_sign(currency)}{grouped(abs(price), least=2)}"
    return f"({text})" if price < 0 else text


def show_money(amount: Decimal, currency: str) -> str:
    """`$1,234.50`, `($12.00)` for a negative amount, `CHF 5.00` for currencies without a short sign."""
    text = f"{_sign(currency)}{to_cents(abs(amount)):,}"
    return f"({text})" if amount < 0 else text


def _sign(currency: str) -> str:
    return SIGNS.get(currency, f"{currency} ")
