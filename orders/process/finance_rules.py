"""Change what finance goes by: tolerances of our own check, and who approves how much alone. Each change says why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Model

from distportal.accounts.models import Account, User
from distportal.common.errors import NotAllowed
from orders.choices import DisputeReason
from orders.errors import DisputeRefused, StaleVersion
from orders.models import ApprovalLimit, InvoiceTolerance
from orders.process.dispute_moves import require_finance

FIGURES = ("price_percent", "price_amount", "quantity_percent", "quantity_amount")
_Rule = TypeVar("_Rule", InvoiceTolerance, ApprovalLimit)


def set_tolerance(
    *, account: Account | None, figures: dict[str, Decimal | None], active: bool, reason: str, user: User, seen: int = 0
) -> InvoiceTolerance:
    """The account's tolerance, or everybody's, with these FIGURES from now on. `seen` is the version that was changed,
    0 for a new one.

    Raises NotAllowed outside finance, DisputeRefused without a reason or below zero, StaleVersion where somebody else
    was faster: nothing is changed then.
    """
    require_finance(user)
    if any(value is not None and value < 0 for value in figures.values()):
        raise DisputeRefused("a tolerance is not below zero; nothing was changed")
    return _set(InvoiceTolerance, {"account": account}, {**figures, "active": active}, reason, seen)


def set_limit(
    *, person: User | None, about: DisputeReason | None, limit: Decimal, active: bool, reason: str, user: User,
    seen: int = 0,
) -> ApprovalLimit:  # fmt: skip
    """Up to how much the person, or everybody, approves alone for the reason, or for any. `seen` is the version that
    was changed, 0 for a new one.

    Raises NotAllowed for anybody but administrators: nobody in finance raises the own limit. Otherwise as
    `set_tolerance`.
    """
    if not (user.is_active and user.is_superuser):
        raise NotAllowed("only administrators set approval limits; nothing was changed")
    if limit < 0:
        raise DisputeRefused("a limit is not below zero; nothing was changed")
    return _set(
        ApprovalLimit, {"user": person, "reason": about or ""}, {"limit": limit, "active": active}, reason, seen
    )


def _set(model: type[_Rule], key: dict[str, Any], values: dict[str, Any], reason: str, seen: int) -> _Rule:
    if not reason.strip():
        raise DisputeRefused("say why it changes; nothing was changed")
    try:
        with transaction.atomic(), pghistory.context(why=reason.strip()[:500]):
            row = model._default_manager.select_for_update(of=("self",), no_key=True).filter(**_lookup(key)).first()
            if (row.version if row else 0) != seen:
                raise _stale(row)
            row = row or model(**key, version=0)
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1
            row.save()
    except IntegrityError as error:  # two made the first one at once
        raise _stale(None) from error
    return row


def _lookup(key: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value for name, value in key.items()
    }


def _stale(row: Model | None) -> StaleVersion:
    now = f" ({row} holds now)" if row else ""
    return StaleVersion(f"somebody else changed it meanwhile{now}; yours was not saved, load it again")
