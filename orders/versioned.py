"""The rules of orders whose versions are kept."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from distportal.governance.registry import RuleKind, add_rules
from orders.models import RulePolicy
from orders.process.policy import FIGURES


def _about(row: RulePolicy) -> str:
    return f"{row.account or 'Everybody'}: {row.code.replace('_', ' ')} → {row.get_action_display().lower()}"


def _figures_are_numbers(row: RulePolicy) -> None:
    if not isinstance(row.data, dict):
        raise ValueError("data: an object of figures by their names")
    for name in (*FIGURES.get(row.code, ()), "tolerance_percent"):
        try:
            Decimal(str(row.data.get(name) or 0))
        except InvalidOperation as error:
            raise ValueError(f"{name}: {row.data[name]!r} is no number") from error


add_rules(
    RuleKind(
        name="policies", title="Policies of the rules", model=RulePolicy, fields=("action", "data"), about=_about,
        check=_figures_are_numbers, related=("account",),
    )
)  # fmt: skip
