"""One colour and icon per state word, the same in every app, so that a colour means one thing everywhere."""

from __future__ import annotations

from dataclasses import dataclass


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
    MOVING: "new received pending queued sending sent stored read claimed in_review approved part_shipped running open",
    WAITS: "expected with_errors held hold waiting waiting_approval asked sent_back submitted unknown backordered "
    "repeated stale due retry late requested part_approved short differs part_paid deducted over overpaid",
    STOPPED: "rejected refused invalid dead failed overdue conflict high bad",
    QUIET: "expired cancelled withdrawn resolved closed discarded low normal draft",
}
_TONES = {word: tone for tone, words in _WORDS.items() for word in words.split()}


def tone_of(word: str) -> Tone:
    """The tone of a state's stored word; grey for one that is not known."""
    return _TONES.get(word, QUIET)
