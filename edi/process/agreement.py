"""Hold an interchange against what was agreed with its sender: findings on top of those of the X12 engine."""

from __future__ import annotations

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
    releases = {*partner.accepted_releases, partner.release}
    wanted = {*partner.inbound_sets, "997", "999"}
    for group in found.groups:
        if group.release and not any(group.version.startswith(release) for release in releases):
            text = f"the release {group.version!r} is not agreed with {partner}"
            group.findings.append(structure.Finding("group", "2", text))
        for tset in group.sets:
            if tset.st01 not in wanted and not any(f.code == "1" for f in tset.findings):
                text = f"the set {tset.st01!r} is not agreed with {partner}"
                tset.findings.append(structure.Finding("set", "1", text))
