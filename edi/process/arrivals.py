"""One interchange as it arrived, judged but not recorded."""

from __future__ import annotations

from dataclasses import dataclass, field

from edi.models import TradingPartner
from edi.x12.structure import Interchange
from edi.x12.verdicts import SetVerdict


@dataclass(slots=True, kw_only=True)
class Arrival:
    """`partner` is None for an unknown sender; `claimed` is then the partner whose name it bears in a mailbox of
    another. `digest` is the sha-256 of ISA to IEA: it tells a resend from another use of the number. `verdicts` are by
    group, empty for a refused group; `streamed` says that the sets are yet to come.
    """

    found: Interchange
    digest: str
    partner: TradingPartner | None = None
    claimed: TradingPartner | None = None
    verdicts: list[list[SetVerdict]] = field(default_factory=list)
    streamed: bool = False
