"""A warehouse partner as a warehouse system: instructions leave as 940s, what it shipped comes back as 945s."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass

from distportal.canonical.base import to_json
from distportal.systems.errors import Conflict, Misconfigured, Rejected
from distportal.systems.health import SystemHealth
from distportal.systems.kinds import AdapterKind, add_kind
from distportal.systems.wms.port import Instruction, ReleaseState, WmsCapabilities, WmsPage
from edi.errors import Unsendable
from edi.process.instructing import send_instruction
from edi.queries.agreements import wants
from edi.queries.warehouses import instruction_at, link_named, order_numbered, told_under, warehouse_partner
from edi.x12.errors import WriteError


@dataclass(frozen=True, slots=True, kw_only=True)
class EdiWmsSettings:
    """`partner` is the code of the trading partner who runs the warehouses; its mailbox and maps are set there."""

    partner: str


class EdiWms:
    """The port over 940 and 945: what it does is in our own database, so nothing of it can get lost on the way here."""

    def __init__(self, settings: EdiWmsSettings) -> None:
        self._code = settings.partner

    def capabilities(self) -> WmsCapabilities:
        """It tells by itself, and nothing has to settle."""
        return WmsCapabilities(feed="push", settle=dt.timedelta(0))

    def health(self) -> SystemHealth:
        """Whether the partner takes 940s."""
        began = time.monotonic()
        partner = warehouse_partner(self._code)
        ok = partner is not None and wants(partner, "940")
        return SystemHealth(ok=ok, version="940/945", latency_ms=(time.monotonic() - began) * 1000)

    def find_release(self, reference: str) -> Sequence[ReleaseState]:
        """The last 940 under the number."""
        return told_under(partner_code=self._code, number=reference)

    def release(self, instruction: Instruction) -> ReleaseState:
        """One 940, once a sequence. Raises Rejected for one that cannot be written, Misconfigured without a link."""
        return self._send(instruction)

    def cancel(self, instruction: Instruction) -> ReleaseState:
        """One 940 that cancels; the 945 tells whether it came too late."""
        return self._send(instruction)

    def events(self, cursor: str | None, limit: int) -> WmsPage:
        """Not offered: 945s come through the mailbox."""
        raise Misconfigured("wms.not_offered", "this warehouse tells by 945 through its mailbox")

    def _send(self, told: Instruction) -> ReleaseState:
        partner = warehouse_partner(self._code)
        link = link_named(partner_code=self._code, code=told.order.warehouse.code)
        order = order_numbered(told.order.order_number)
        if partner is None or link is None or not wants(partner, "940"):
            what = f"link {told.order.warehouse.code} to an active partner {self._code} that takes 940s"
            raise Misconfigured("wms.no_link", f"{what}; nothing was sent")
        if order is None:
            raise Rejected("wms.order_unknown", f"there is no order {told.order.order_number}")
        known = instruction_at(order=order, link=link, sequence=told.sequence)
        if known is not None and (known.canonical["lines"], known.number) != (
            to_json(told.order.lines),
            told.reference,
        ):
            raise Conflict("wms.content_differs", f"940 number {told.sequence} of {told.reference} has other content")
        try:
            send_instruction(order=order, link=link, sequence=told.sequence, now=told.order)
        except (WriteError, Unsendable) as error:
            raise Rejected("wms.unsendable", str(error)) from error
        return self.find_release(told.reference)[0]


add_kind("wms_edi", AdapterKind("edi.adapters.EdiWmsSettings", "edi.adapters.EdiWms", "wms"))
