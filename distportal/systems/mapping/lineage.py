"""What saved rules add to a story."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from distportal.events.lineage import Step, lineage_provider
from distportal.systems.mapping.models import RuleUse


@lineage_provider("mapping")
def rule_steps(correlation_id: uuid.UUID) -> Iterator[Step]:
    """Each rule that was applied, with whose it is and where it came from."""
    uses = RuleUse.objects.filter(correlation_id=correlation_id).select_related("rule__reference", "rule__owner")
    for use in uses:
        rule = use.rule
        yield Step(
            at=use.at, kind="correction", title=f"{rule} was applied", key=f"rule:{use.pk}", internal=True,
            detail=f"saved by {rule.owner.name} from {rule.origin}, until {rule.reference.valid_until}",
        )  # fmt: skip
