"""One interchange as it arrived, judged but not recorded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from edi.models import TradingPartner
from edi.x12.structure import Interchange
from edi.x12.verdicts import SetVerdict


@dataclass(slots=True, kw_only=True)
class Arrival:
    """`partner` is None for an unknown sender; `claimed` is then the partner whose name it bears in a mailbox of
    another. `verdicts` are by group, empty for a refused group.
    """

    found: Interchange
    content: bytes
    partner: TradingPartner | None = None
    claimed: TradingPartner | None = None
    verdicts: list[list[SetVerdict]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Sha-256 of ISA to IEA: tells a resend from another use of the number."""
        return hashlib.sha256(self.content).hexdigest()
