"""Hold an interchange against what was agreed with its sender: findings on top of those of the X12 engine."""

from __future__ import annotations

from edi.choices import Direction
from edi.models import Agreement, TradingPartner
from edi.queries.agreements import agreement, takes
from edi.x12 import structure
from edi.x12.catalog import judged_as, release_of

TEST, LIVE = "T", "P"
"""ISA15."""


def judge_identity(found: structure.Interchange, partner: TradingPartner) -> None:
    """Refuse what is addressed to somebody else, and real orders of a partner in test: to acknowledge one and never
    book it would lose it. Test data are taken from everybody and book nothing (`edi.process.trying`).
    """
    if (found.receiver_qualifier, found.receiver) != (partner.our_qualifier, partner.our_id):
        text = f"it is addressed to {found.receiver_qualifier} {found.receiver}, which is not agreed with {partner}"
        found.findings.append(structure.Finding("interchange", "008", text))
    if found.usage != TEST and not (found.usage == LIVE and partner.is_live):
        why = (
            "we take no such data" if partner.is_live else "it is still in test: send T, nothing was taken as an order"
        )
        text = f"ISA15 is {found.usage!r}, and for {partner} {why}"
        found.findings.append(structure.Finding("interchange", "020", text))


def judge_contents(found: structure.Interchange, partner: TradingPartner) -> None:
    """Refuse releases and sets that are not agreed; 997s always are."""
    for group in found.groups:
        if not group.release:
            _judge_neighbour(group, partner, found)
        if group.release and not _release_agreed(group, partner):
            text = f"the release {group.version!r} is not agreed with {partner}"
            group.findings.append(structure.Finding("group", "2", text))
        for tset in group.sets:
            if not takes(partner, tset.st01) and not any(f.code == "1" for f in tset.findings):
                text = f"the set {tset.st01!r} is not agreed with {partner}"
                tset.findings.append(structure.Finding("set", "1", text))


def _release_agreed(group: structure.Group, partner: TradingPartner) -> bool:
    """By the agreements of the sets in the group; where none is agreed the sets are refused, not the release."""
    rows = _agreed(group, partner)
    if not rows or any(group.version.startswith(release) for row in rows for release in row.releases):
        return True
    return any(row.terms.neighbours for row in rows) and not release_of(group.version)


def _judge_neighbour(group: structure.Group, partner: TradingPartner, found: structure.Interchange) -> None:
    """A release beside ours (GS08 such as 004030) is judged by our maps if that was agreed for a set of the group."""
    near = judged_as(group.version)
    if not near or not any(row.terms.neighbours for row in _agreed(group, partner)):
        return
    group.release = near
    group.findings[:] = [f for f in group.findings if f.code != "2"]
    for tset in group.sets:
        tset.release = near
    found.notes.append(f"GS08 {group.version} was judged as {near}, as agreed with {partner}.")


def _agreed(group: structure.Group, partner: TradingPartner) -> list[Agreement]:
    return [row for tset in group.sets if (row := agreement(partner, Direction.IN, tset.st01))]
