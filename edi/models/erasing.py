"""Stored bytes change in one way alone: they go, once, when they are old."""

from __future__ import annotations

import pgtrigger

LEAST_DAYS = 30
"""Younger bytes cannot be erased, whatever the settings say."""


def bytes_change(column: str, clock: str, *fixed: str, among: str = "true") -> pgtrigger.Condition:
    """An UPDATE that changes a `fixed` column, does anything else to the bytes than erase them, or takes that back;
    only of rows `among` these.
    """
    erased = (
        f"OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND length(NEW.{column}) = 0"
        f" AND OLD.{clock} < now() - interval '{LEAST_DAYS} days'"
    )
    touched = " OR ".join(_differs(name) for name in (column, "erased_at"))
    changed = " OR ".join(_differs(name) for name in fixed)
    return pgtrigger.Condition(f"{among} AND ({changed} OR (({touched}) AND NOT ({erased})))")


def _differs(column: str) -> str:
    return f"OLD.{column} IS DISTINCT FROM NEW.{column}"
