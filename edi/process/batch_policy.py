"""Hold the verdicts over an interchange against the error policies agreed for its sets."""

from __future__ import annotations

from edi.models import TradingPartner
from edi.process.arrivals import Arrival
from edi.queries.agreements import ctt_policy, error_policy, leniencies
from edi.x12.batch_policy import apply_ctt_policy, apply_group_policy, apply_set_policy, interchange_refusal
from edi.x12.leniency import ALL_LENIENCIES, Leniency
from edi.x12.structure import TransactionSet
from edi.x12.validate import validate_set
from edi.x12.verdicts import SetVerdict


def judged_set(tset: TransactionSet, partner: TradingPartner) -> SetVerdict:
    """The verdict over one set as agreed with the partner: its leniencies, its CTT policy, its error policy."""
    names = leniencies(partner)
    allowed = ALL_LENIENCIES if names is None else frozenset(Leniency(name) for name in names)
    verdict = apply_ctt_policy(tset, validate_set(tset, allowed=allowed), ctt_policy(partner, tset.st01))
    return apply_set_policy(verdict, error_policy(partner, tset.st01).value)


def judged_group(verdicts: list[SetVerdict], partner: TradingPartner) -> list[SetVerdict]:
    """The verdicts over the sets of one group, where a bad one may take its group with it."""
    return apply_group_policy(verdicts, lambda set_id: error_policy(partner, set_id).value)


def apply_policies(arrival: Arrival, partner: TradingPartner) -> None:
    """The verdicts as they will be answered and acted on; an interchange that falls as one has a finding of its own."""
    found = arrival.found
    for at, group in enumerate(found.groups):
        if not group.rejected:
            arrival.verdicts[at] = judged_group(arrival.verdicts[at], partner)
    refusal = interchange_refusal(found.groups, arrival.verdicts, lambda set_id: error_policy(partner, set_id).value)
    if refusal:
        found.findings.append(refusal)
