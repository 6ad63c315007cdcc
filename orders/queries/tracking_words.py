"""What carriers are understood to say (edi.documents.status_words), so that the catalogue has it."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

KNOWN = frozenset(
    {
        gettext_noop("Carrier has the order"), gettext_noop("Available for pick-up"),
        gettext_noop("Carrier arrived for pick-up"), gettext_noop("Loaded"), gettext_noop("Picked up"),
        gettext_noop("Left a terminal"), gettext_noop("Arrived at a terminal"), gettext_noop("On its way"),
        gettext_noop("Through the gate, in"), gettext_noop("Through the gate, out"), gettext_noop("At customs"),
        gettext_noop("Delivery expected"), gettext_noop("Arrival expected"), gettext_noop("Appointment for pick-up"),
        gettext_noop("Appointment for delivery"), gettext_noop("Arrived for delivery"), gettext_noop("Delivered"),
        gettext_noop("Carrier left after delivery"), gettext_noop("Delayed"),
        gettext_noop("Refused by the consignee"), gettext_noop("Returned to the shipper"),
        gettext_noop("Sent to another place"), gettext_noop("delivery was missed"),
        gettext_noop("mechanical breakdown"), gettext_noop("weather"), gettext_noop("because of the consignee"),
        gettext_noop("because of the shipper"), gettext_noop("consignee closed"), gettext_noop("another reason"),
    }
)  # fmt: skip


def said_by_carrier(words: str) -> str:
    """The words in the reader's language; what a carrier said in words of its own stays as it is."""
    return gettext(words) if words in KNOWN else words
