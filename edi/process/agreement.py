"""Hold an interchange against what was agreed with its sender: findings on top of those of the X12 engine."""

from __future__ import annotations

from collections.abc import Sequence

from edi.models import TradingPartner
from edi.x12 import structure


def judge_identity(found: structure.Interchange, partner: TradingPartner) -> None:
    """Refuse what is addressed to somebody else, and test data where orders are real (or the other way round)."""
    if (found.receiver_qualifier, found.receiver) != (partner.our_qualifier, partner.our_id):
        text = f"it is addressed to {found.receiver_qualifier} {found.receiver}, which is not agreed with {partner}"
        found.findings.append(structure.Finding("interchange", "008", text))
    if found.usage != partner.usage:
        text = f"ISA15 is {found.usage!r}, agreed with {partner} is {partner.usage!r}"
        found.findings.append(structure.Finding("interchange", "020", text))


def judge_contents(found: structure.Interchange, partner: TradingPartner) -> None:
    """Refuse releases and sets that are not agreed; acknowledgments always are."""
    for group in found.groups:
        judge_group(group, group.sets, partner)
        for tset in group.sets:
            judge_set(tset, group, partner)


def judge_group(group: structure.Group, sets: Sequence[structure.TransactionSet], partner: TradingPartner) -> None:
    """Refuse a group of `sets` in a release that is not agreed."""
    releases = {*partner.accepted_releases, partner.release}
    if group.release and not any(group.version.startswith(release) for release in releases):
        text = f"the release {group.version!r} is not agreed with {partner}"
        if not any(f.text == text for f in group.findings):
            group.findings.append(structure.Finding("group", "2", text))


def judge_set(tset: structure.TransactionSet, group: structure.Group, partner: TradingPartner) -> None:
    """Refuse a set of the group that is not agreed."""
    wanted = {*partner.inbound_sets, "997", "999"}
    if tset.st01 not in wanted and not any(f.code == "1" for f in tset.findings):
        text = f"the set {tset.st01!r} is not agreed with {partner}"
        tset.findings.append(structure.Finding("set", "1", text))
