"""How urgent a case is, from the money that it blocks: value x hours to the cut-off x tier of the account.

Plain arithmetic over constants, so that a person can be shown the very numbers. The hours count in steps: between two
steps nothing changes, and `changes_at` says when the next one comes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from exceptions.choices import Severity

HOUR_STEPS: tuple[tuple[int, Decimal], ...] = (
    (0, Decimal(6)), (2, Decimal(5)), (8, Decimal(3)), (24, Decimal(2)), (48, Decimal("1.5")),
)  # fmt: skip
"""At most so many hours to the cut-off -> factor; more than the last is 1."""
TIERS = {"A": Decimal("1.5"), "B": Decimal(1), "C": Decimal("0.75")}
LEAST_POINTS = ((Severity.URGENT, 60_000), (Severity.HIGH, 5_000), (Severity.NORMAL, 500), (Severity.LOW, 0))
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """`points` decide the severity, unless `base`, the least for a case of this kind, is worse. Money is in the case's
    own currency, as it stands: nothing is converted.
    """

    base: Severity
    amount: Decimal
    hours: Decimal | None
    hour_factor: Decimal
    tier: str
    tier_factor: Decimal
    changes_at: dt.datetime | None

    @property
    def points(self) -> Decimal:
        """The product, in hundredths."""
        return (self.amount * self.hour_factor * self.tier_factor).quantize(Decimal("0.01"))

    @property
    def by_points(self) -> Severity:
        """What the money alone comes to."""
        return next(severity for severity, least in LEAST_POINTS if self.points >= least)

    @property
    def severity(self) -> Severity:
        """The worse of the two."""
        return max(self.base, self.by_points)


def count_urgency(*, base: int, amount: Decimal, tier: str, cutoff_at: dt.datetime | None, now: dt.datetime) -> Urgency:
    """The urgency of a case at a moment. `amount` is what it blocks, never below zero; without a cut-off time does not
    count.
    """
    left = (cutoff_at - now) if cutoff_at else None
    factor, changes_at = Decimal(1), None
    if cutoff_at is not None and left is not None:
        factor = next((f for hours, f in HOUR_STEPS if left <= hours * _HOUR), Decimal(1))
        steps = [cutoff_at - hours * _HOUR for hours, _ in HOUR_STEPS]
        changes_at = min((step for step in steps if step > now), default=None)
    return Urgency(
        base=Severity(base),
        amount=max(amount, Decimal(0)),
        hours=None if left is None else Decimal(str(round(left / _HOUR, 1))),
        hour_factor=factor,
        tier=tier,
        tier_factor=TIERS.get(tier, Decimal(1)),
        changes_at=changes_at,
    )
