"""Our technical answers to what came: one 997 per group, a TA1 where it is owed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from edi.models import FunctionalGroup, Interchange, TradingPartner
from edi.process.delivery import send_again
from edi.process.outbound import Outgoing, send_set, send_ta1
from edi.queries.documents import ack_key, answers_to, outbound_file_of, ta1_key
from edi.x12 import structure
from edi.x12.acks import render_997, render_ta1
from edi.x12.verdicts import SetVerdict

MOST_NAMED = 5000
"""Of larger groups the 997 names the refused sets only (AK2 is optional, X12 997); AK9 counts all."""


def answer_group(
    *,
    partner: TradingPartner,
    row: FunctionalGroup,
    group: structure.Group,
    verdicts: Sequence[SetVerdict],
) -> None:
    """The group's one 997 is on its way; a group of acknowledgments gets none. GS08 is that of the group (X12 997)."""
    if group.functional_id == "FA":
        return
    body = render_997(group, verdicts, all_sets=len(verdicts) <= MOST_NAMED)
    version = group.version[:12] if group.release else partner.release
    send_set(partner=partner, outgoing=Outgoing(set_id="997", business_key=ack_key(row.pk), body=body, version=version))


def answer_interchange(*, partner: TradingPartner, row: Interchange, found: structure.Interchange) -> None:
    """The TA1 is on its way where the interchange is refused or asks for one (ISA14); a TA1 is never answered."""
    lone_ta1 = bool(found.ta1s) and not found.groups
    if (found.rejected or found.ack_requested) and not lone_ta1:
        send_ta1(partner=partner, business_key=ta1_key(row.pk), ta1=render_ta1(found))


def repeat_answers(interchanges: Sequence[UUID]) -> int:
    """How many stored answers to these interchanges leave once more, byte for byte."""
    files = [file for document in answers_to(interchanges) if (file := outbound_file_of(document))]
    for file in sorted(files, key=lambda f: f.sequence):
        send_again(file=file)
    return len(files)
