"""IDoc files: ORDERS and ORDCHG out, five kinds of messages in. Each IDoc of a file stands or falls for itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from distportal.systems.erp.files.codes import Codes, unmapped_in
from distportal.systems.erp.files.facts import Action, Fault, Parsed, Sent
from distportal.systems.erp.idoc_file.billing import invoice
from distportal.systems.erp.idoc_file.delivery import shipments
from distportal.systems.erp.idoc_file.idoc import BadIdoc, Idoc, read_flat
from distportal.systems.erp.idoc_file.masters import items, prices
from distportal.systems.erp.idoc_file.order_response import confirmation
from distportal.systems.erp.idoc_file.orders_out import order_file
from distportal.systems.erp.idoc_file.profile import Profile
from distportal.systems.erp.idoc_file.reading import Reading
from distportal.systems.erp.idoc_file.xml import read_xml
from distportal.systems.erp.port import FeedKind, OrderDraft
from distportal.systems.errors import Rejected

DELIVERIES = frozenset({"DESADV", "SHPCON", "WHSCON", "DELVRY"})


class IdocDialect:
    """Changes and cancellations are ORDCHG, where the partner's profile takes them."""

    feeds: frozenset[FeedKind] = frozenset(("order", "shipment", "invoice", "item", "price"))

    def __init__(self, profile: Profile, codes: Codes) -> None:
        self.actions: frozenset[Action] = frozenset(("order", "change", "cancel") if profile.changes else ("order",))
        self._profile = profile
        self._codes = codes
        self.suffix = ".xml" if profile.form == "xml" else ".idoc"

    def write(
        self, action: Action, draft: OrderDraft, number: int, now: dt.datetime, before: OrderDraft | None = None
    ) -> bytes:
        """One IDoc. Raises Rejected for what does not fit into its fields."""
        try:
            return order_file(self._profile, self._codes, action, draft, before, number, now)
        except BadIdoc as error:
            raise Rejected("erp.not_writable", f"the order does not fit the IDoc: {error}") from error

    def parse(self, name: str, content: bytes, arrived_at: dt.datetime, sent: Sent) -> Parsed:
        """The facts of every IDoc in the file."""
        parsed, reading = Parsed(), Reading(self._profile, self._codes, sent, arrived_at)
        try:
            idocs = list(self._idocs(content))
        except (BadIdoc, UnicodeDecodeError) as error:
            parsed.faults.append(Fault("", str(error), content))
            return parsed
        for idoc in idocs:
            try:
                _enter(idoc, reading, parsed)
            except (BadIdoc, ValueError, ArithmeticError) as error:
                parsed.faults.append(
                    Fault(f"{idoc.place}, {idoc.message} {idoc.number}", str(error), idoc.raw, unmapped_in(error))
                )
        return parsed

    def _idocs(self, content: bytes) -> Iterator[Idoc]:
        if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            return read_xml(content, self._profile.layouts)
        text = content.decode(self._profile.encoding).removeprefix("\ufeff")
        return read_flat(text, self._profile.encoding, self._profile.layouts)


def _enter(idoc: Idoc, reading: Reading, parsed: Parsed) -> None:
    """All facts of an IDoc, or none of them."""
    partner = idoc.control.get("SNDPRN", "")
    expected = reading.profile.receiver.split("/")[2]
    if partner and partner.lstrip("0") != expected.lstrip("0"):
        raise BadIdoc(f"it comes from the partner {partner}, not from {expected}")
    if idoc.message == "ORDRSP":
        parsed.confirmations.append(confirmation(idoc, reading))
    elif idoc.message in DELIVERIES:
        parsed.records.extend(shipments(idoc, reading))
    elif idoc.message == "INVOIC":
        parsed.records.append(invoice(idoc, reading))
    elif idoc.message == "MATMAS":
        parsed.records.extend(items(idoc, reading))
    elif idoc.message == "COND_A":
        parsed.records.extend(prices(idoc, reading))
    else:
        raise BadIdoc(f"messages of the type {idoc.message or '(none)'} are not read here")
