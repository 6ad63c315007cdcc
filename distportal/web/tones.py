"""One colour and icon per state word, the same in every app, so that a colour means one thing everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour's name in the stylesheet (empty is grey) and the icon beside the word."""

    name: str
    icon: str


DONE = Tone("ok", "circle-check")
MOVING = Tone("info", "circle-dot")
WAITS = Tone("warn", "hourglass")
STOPPED = Tone("bad", "circle-x")
QUIET = Tone("", "circle-dashed")

_WORDS = {
    DONE: "ok used as_sent done active accepted applied confirmed shipped delivered placed valid booked settled paid "
    "credit_taken succeeded closed_ok ready",
    MOVING: "new received pending queued sending sent stored read claimed in_review approved part_shipped running open "
    "reopened resubmitted",
    WAITS: "expected with_errors held hold waiting waiting_approval asked sent_back submitted unknown backordered "
    "repeated stale due retry late requested part_approved short differs part_paid deducted over overpaid "
    "waiting_dealer waiting_erp snoozed kept need_info proposed reversing",
    STOPPED: "rejected refused invalid dead failed gave_up overdue conflict high urgent bad",
    QUIET: "split reversed expired cancelled withdrawn chosen undone resolved closed discarded low normal draft "
    "disabled",
}
_TONES = {word: tone for tone, words in _WORDS.items() for word in words.split()}


SAID = (
    gettext_noop("Received"), gettext_noop("Held"), gettext_noop("Accepted"), gettext_noop("Confirmed"),
    gettext_noop("Part shipped"), gettext_noop("Shipped"), gettext_noop("Rejected"), gettext_noop("Cancelled"),
    gettext_noop("Waiting"), gettext_noop("Sent"), gettext_noop("Done"), gettext_noop("Refused"),
    gettext_noop("Submitted"), gettext_noop("In review"), gettext_noop("Waiting approval"), gettext_noop("Approved"),
    gettext_noop("Booked"), gettext_noop("Withdrawn"), gettext_noop("Requested"), gettext_noop("Part approved"),
    gettext_noop("Settled"), gettext_noop("Paid"), gettext_noop("Short"), gettext_noop("Over"),
    gettext_noop("Credit taken"), gettext_noop("Deducted"), gettext_noop("Opened"), gettext_noop("Asked"),
    gettext_noop("Answered"), gettext_noop("Split"), gettext_noop("Split off"), gettext_noop("Taken back"),
    gettext_noop("Evidence"), gettext_noop("Credit to be taken back"), gettext_noop("Debit booked"),
)  # fmt: skip
"""State words that dealers see as they are stored, so that the catalogue has them."""


def tone_of(word: str) -> Tone:
    """The tone of a state's stored word; grey for one that is not known."""
    return _TONES.get(word, QUIET)
