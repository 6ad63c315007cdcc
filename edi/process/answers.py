"""Our technical answers to what came: one 997 per group, a TA1 where it is owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from edi.choices import Ack, Direction
from edi.models import FunctionalGroup, Interchange, TradingPartner
from edi.process.delivery import send_again
from edi.process.outbound import Outgoing, send_set, send_ta1
from edi.queries.agreements import DEFAULT_RELEASE, ack_owed, terms, written_release
from edi.queries.documents import ack_key, answers_to, outbound_file_of, ta1_key
from edi.x12 import structure
from edi.x12.acks import render_997, render_999, render_ta1
from edi.x12.catalog import release_of
from edi.x12.cleaning import clean_value
from edi.x12.tokens import Delimiters, Elements
from edi.x12.verdicts import SetVerdict

_PLAIN = Delimiters("", "", "")
MOST_NAMED = 5000
"""Of larger groups the 997 names the refused sets only (AK2 is optional, X12 997); AK9 counts all."""
_ISA_RELEASES = {"00401": "004010", "00501": "005010"}
"""ISA12 -> the release whose envelope answers it."""


class Renderer(Protocol):
    """Writes the body of the acknowledgment of one group."""

    def __call__(self, group: structure.Group, verdicts: Sequence[SetVerdict], *, all_sets: bool) -> list[Elements]: ...


RENDERERS: Mapping[tuple[Ack, str], tuple[str, Renderer]] = {(Ack.FA999, "005010"): ("999", render_999)}
"""(Agreed acknowledgment, release) -> set and renderer; anything else is answered by a 997, which every release has."""


def answer_group(
    *,
    partner: TradingPartner,
    row: FunctionalGroup,
    group: structure.Group,
    verdicts: Sequence[SetVerdict],
    ack: Ack | None = None,
) -> None:
    """The group's one acknowledgment is on its way, unless none was agreed; a group of acknowledgments gets none. GS08
    is that of the group (X12 997), ISA15 that of its interchange. `ack` is what a person wants, whatever was agreed.
    """
    if group.functional_id == "FA":
        return
    # the sets of a streamed group are not kept, their verdicts are
    set_ids = list(dict.fromkeys(v.set_id for v in verdicts)) or [tset.st01 for tset in group.sets]
    ack = ack or ack_owed(partner, set_ids)
    if ack == Ack.NONE:
        return
    agreed = terms(partner, Direction.IN, set_ids[0] if set_ids else "")
    version = _version(group, partner)
    set_id, render = RENDERERS.get((ack, release_of(version)), ("997", render_997))
    outgoing = Outgoing(
        set_id=set_id,
        business_key=ack_key(row.pk),
        body=render(group, verdicts, all_sets=agreed.all_sets and len(verdicts) <= MOST_NAMED),
        version=version,
        usage=row.interchange.usage,
    )
    send_set(partner=partner, outgoing=outgoing)


def _version(group: structure.Group, partner: TradingPartner) -> str:
    if release_of(group.version):
        return clean_value(group.version, _PLAIN)[:12]  # theirs may hold what neither X12 nor a row can
    return group.release or written_release(partner, "")


def answer_interchange(
    *, partner: TradingPartner, row: Interchange, found: structure.Interchange, asked: bool = False
) -> None:
    """The TA1 is on its way where the interchange is refused or asks for one (ISA14), or a person wants it (`asked`); a
    TA1 is never answered.
    """
    lone_ta1 = bool(found.ta1s) and not found.groups
    if (found.rejected or found.ack_requested or asked) and not lone_ta1:
        version = _ISA_RELEASES.get(found.version, DEFAULT_RELEASE)
        usage = found.usage if found.usage in ("P", "T") else partner.usage
        send_ta1(partner=partner, business_key=ta1_key(row.pk), ta1=render_ta1(found), version=version, usage=usage)


def repeat_answers(interchanges: Sequence[UUID]) -> int:
    """How many stored answers to these interchanges leave once more, byte for byte: those that were not erased."""
    found = [file for document in answers_to(interchanges) if (file := outbound_file_of(document))]
    files = [file for file in found if file.erased_at is None]
    for file in sorted(files, key=lambda f: f.sequence):
        send_again(file=file)
    return len(files)
