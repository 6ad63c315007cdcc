"""What a peak proved, counted from the ERP's own books."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from distportal.management.peak.plan import Plan, dealer
from distportal.management.peak.running import Peak
from distportal.systems.limits.bucket import BURST_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`lost` and `doubled` orders; `burst` is the most writes ever seen beyond the agreed rate, `burst_allowed` what
    the agreement allows at once. Waits in seconds: of the dealer in a hurry and of the others, median and 95 %.
    """

    sent: int
    lost: int
    doubled: int
    dead: int
    burst: float
    burst_allowed: float
    rate_seen: float
    deepest: int
    oldest: float
    drained_after: float
    level: int
    hurried: tuple[float, float]
    others: tuple[float, float]

    @property
    def good(self) -> bool:
        """Nothing lost or doubled, the limit kept, and nobody waits longer than the dealer in a hurry, whose first
        orders took what the ERP bears at once.
        """
        clean = self.lost == self.doubled == self.dead == 0
        return clean and self.burst <= self.burst_allowed and self.others[1] <= self.hurried[1]


def verdict(plan: Plan, peak: Peak, *, orders: Counter[str], writes: Sequence[float]) -> Verdict:
    """The verdict on a run by the ERP's orders and the moments of its writes."""
    waits: dict[bool, list[float]] = defaultdict(list)
    for name, wait in peak.waits:
        waits[name == dealer(0)].append(wait)
    rate = plan.erp_rate / 60
    spent = (writes[-1] - writes[0]) if len(writes) > 1 else 0.0
    return Verdict(
        sent=len(peak.keys),
        lost=sum(1 for key in peak.keys if not orders[key]),
        doubled=sum(1 for key in peak.keys if orders[key] > 1),
        dead=peak.dead,
        burst=_burst(writes, rate),
        # Calls that were let go one after the other may end together: one a slot.
        burst_allowed=max(rate * BURST_SECONDS, 1.0) + plan.concurrency,
        rate_seen=60 * (len(writes) - 1) / spent if spent else 0.0,
        deepest=max(sample.depth for sample in peak.samples),
        oldest=max(sample.age for sample in peak.samples),
        drained_after=peak.samples[-1].at,
        level=max(sample.level for sample in peak.samples),
        hurried=_half_and_most(waits[True]),
        others=_half_and_most(waits[False]),
    )


def _burst(writes: Sequence[float], rate: float) -> float:
    """The most writes in any span of time beyond what the rate gives in it."""
    most = lead = 0.0
    for at, moment in enumerate(writes):
        lead = max(0.0, lead - rate * (moment - writes[at - 1])) if at else 0.0
        lead += 1
        most = max(most, lead)
    return most


def _half_and_most(waits: list[float]) -> tuple[float, float]:
    if not waits:
        return 0.0, 0.0
    ordered = sorted(waits)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
