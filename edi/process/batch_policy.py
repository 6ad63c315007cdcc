"""Hold the verdicts over an interchange against the error policies agreed for its sets."""

from __future__ import annotations

from edi.models import TradingPartner
from edi.process.arrivals import Arrival
from edi.queries.agreements import ctt_policy, error_policy
from edi.x12.batch_policy import apply_ctt_policy, apply_group_policy, apply_set_policy, interchange_refusal


def apply_policies(arrival: Arrival, partner: TradingPartner) -> None:
    """The verdicts as they will be answered and acted on; an interchange that falls as one has a finding of its own."""
    found = arrival.found

    def policy_of(set_id: str) -> str:
        return error_policy(partner, set_id).value

    for at, group in enumerate(found.groups):
        if group.rejected:
            continue
        judged = [
            apply_set_policy(apply_ctt_policy(tset, verdict, ctt_policy(partner, tset.st01)), policy_of(tset.st01))
            for tset, verdict in zip(group.sets, arrival.verdicts[at], strict=True)
        ]
        arrival.verdicts[at] = apply_group_policy(judged, policy_of)
    refusal = interchange_refusal(found.groups, arrival.verdicts, policy_of)
    if refusal:
        found.findings.append(refusal)
