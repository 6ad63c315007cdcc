"""What partners and receivers of webhooks may have had that breaks an invariant, each with the word of the checker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from tests.faults.checker import Outside


class Damage(NamedTuple):
    """`invariant` is broken once the outside holds what `done` makes of it, and the row says `problem`."""

    invariant: str
    problem: str
    done: Callable[[Outside], Outside]


def _first_had(**otherwise: object) -> Callable[[Outside], Outside]:
    """The first file came once more, and otherwise."""

    def done(well: Outside) -> Outside:
        return replace(well, arrivals=[*well.arrivals, replace(well.arrivals[0], **otherwise)])  # type: ignore[arg-type]

    return done


def _first_told(**otherwise: object) -> Callable[[Outside], Outside]:
    """The first message came once more, and otherwise."""

    def done(well: Outside) -> Outside:
        return replace(well, messages=[*well.messages, replace(well.messages[0], **otherwise)])  # type: ignore[arg-type]

    return done


OTHER = "0" * 64
DAMAGES = (
    Damage("I3", "never had it", lambda well: replace(well, arrivals=well.arrivals[1:])),
    Damage("I3", "had bytes that we never made", _first_had(sha256=OTHER)),
    Damage("I3", "had 2 documents under it", _first_had(sha256=OTHER, name="other")),
    Damage("I3", "had other content under it", _first_had(message_id="<never@portal>")),
    Damage("I5", "had it after", lambda well: replace(well, arrivals=well.arrivals[::-1])),
    Damage("I5", "is delivered, and its receiver never had it", lambda well: replace(well, messages=well.messages[1:])),
    Damage("I5", "had bytes that we never made", _first_told(body=b"{}")),
    Damage("I5", "its signature does not fit", _first_told(signed=False)),
    Damage("I5", "and it is #", _first_told(sequence=99)),
)
IN_THE_DATABASE = (
    ("I3", "was made no 855", "UPDATE edi_document SET order_id = NULL WHERE set_id = '855'"),
    ("I5", "there is no message of it", "DELETE FROM webhooks_delivery"),
    ("I7", "at Told",
     "UPDATE webhooks_delivery SET state = 'pending', next_at = now() - interval '3 minutes', delivered_at = NULL"),
)  # fmt: skip
"""The same for what the portal's own tables have to show of what was watched."""
