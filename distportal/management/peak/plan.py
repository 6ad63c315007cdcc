"""What a simulated peak is made of, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MOST_ORDERS = 100_000
MOST_WORKERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`normal` orders a minute, `factor` times as many for `minutes`; `dealers` of which the first sends half of all
    in one go when the peak begins. The ERP bears `erp_rate` calls a minute, `concurrency` at once, and is away for
    `outage` seconds from the middle of the peak on.
    """

    normal: float = 30.0
    factor: float = 20.0
    minutes: float = 0.5
    dealers: int = 8
    erp_rate: float = 360.0
    concurrency: int = 4
    workers: int = 4
    outage: float = 0.0

    @property
    def orders(self) -> int:
        """All orders of the peak."""
        return round(self.normal * self.factor * self.minutes)

    @property
    def seconds(self) -> float:
        """How long orders come in."""
        return self.minutes * 60

    def problems(self) -> Iterator[str]:
        """Why it cannot be run."""
        if not 1 <= self.orders <= MOST_ORDERS:
            yield f"that would be {self.orders} orders; between 1 and {MOST_ORDERS} can be simulated"
        if not 1 <= self.workers <= MOST_WORKERS:
            yield f"1 to {MOST_WORKERS} workers can take part"
        if self.dealers < 2 or self.erp_rate <= 0 or self.concurrency < 1:
            yield "two dealers, one call a minute and one at once are the least"
        if self.outage < 0 or self.outage > self.seconds:
            yield "an outage is not longer than the peak"

    def arrivals(self) -> list[tuple[float, str]]:
        """(second, dealer) of every order, in time: the first dealer's half at once, the others' evenly."""
        burst = self.orders // 2
        rest = self.orders - burst
        found = [(0.0, dealer(0))] * burst
        return found + [(self.seconds * at / rest, dealer(1 + at % (self.dealers - 1))) for at in range(rest)]


def dealer(number: int) -> str:
    """The code of a simulated dealer; the first one is in a hurry."""
    return f"DEALER-{number + 1:02d}"
