"""Hold an interchange against what was agreed with its sender: findings on top of those of the X12 engine."""

from __future__ import annotations

from collections.abc import Sequence

from edi.choices import Direction
from edi.models import TradingPartner
from edi.queries.agreements import agreement, leniencies, takes
from edi.x12 import structure
from edi.x12.catalog import judged_as, release_of
from edi.x12.leniency import Leniency
from edi.x12.strictness import refuse_leniencies

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
    """Refuse leniencies, releases and sets that are not agreed; acknowledgments always are."""
    allowed = leniencies(partner)
    if allowed is not None:
        found.findings += refuse_leniencies(found, frozenset(Leniency(name) for name in allowed))
    for group in found.groups:
        near = judge_group(group, group.sets, partner)
        if near:
            found.remarks.append(f"GS08 {group.version} was judged as {near}, as agreed with {partner}.")
        for tset in group.sets:
            judge_set(tset, group, partner)


def judge_group(group: structure.Group, sets: Sequence[structure.TransactionSet], partner: TradingPartner) -> str:
    """Refuse a group of `sets` in a release that is not agreed. The neighbouring release whose maps judge it, or "".

    Where none of its sets is agreed the sets are refused, not the release.
    """
    rows = [row for tset in sets if (row := agreement(partner, Direction.IN, tset.st01))]
    neighbours = any(row.terms.neighbours for row in rows)
    near = judged_as(group.version) if neighbours and not release_of(group.version) else ""
    if near:
        group.release = near
        group.findings[:] = [f for f in group.findings if f.code != "2"]
    if not group.release or near or not rows:
        return near
    if not any(group.version.startswith(release) for row in rows for release in row.releases):
        text = f"the release {group.version!r} is not agreed with {partner}"
        if not any(f.text == text for f in group.findings):
            group.findings.append(structure.Finding("group", "2", text))
    return ""


def judge_set(tset: structure.TransactionSet, group: structure.Group, partner: TradingPartner) -> None:
    """Refuse a set of the group that is not agreed; one of a neighbouring release is judged by the maps beside it."""
    if not takes(partner, tset.st01) and not any(f.code == "1" for f in tset.findings):
        text = f"the set {tset.st01!r} is not agreed with {partner}"
        tset.findings.append(structure.Finding("set", "1", text))
    row = agreement(partner, Direction.IN, tset.st01)
    if not release_of(group.version) and row is not None and row.terms.neighbours:
        tset.release = judged_as(group.version)
