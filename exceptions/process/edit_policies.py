"""Which edits need a second person: kept as data by those who lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from exceptions.errors import RuleRefused
from exceptions.models import EditPolicy
from exceptions.registry import case_kinds

GROUPS = ("agent", "operator", "finance")


def policy_for(*, kind: str, changes: Sequence[Mapping[str, str]], amount: Decimal) -> EditPolicy | None:
    """The policy by which the edit waits for a second person, the one for the biggest amount of those that fit; None
    where it need not wait, and for one that changes nothing.
    """
    fields = {change["field"].rpartition(".")[2] for change in changes}
    if not fields:
        return None
    rows = EditPolicy.objects.filter(active=True, least_amount__lte=amount).order_by("-least_amount", "pk")
    return next((row for row in rows if _covers(row.kind, kind) and row.field in {"", *fields}), None)


@transaction.atomic
def save_policy(policy: EditPolicy) -> EditPolicy:
    """The policy counts for edits from now on; none that waits is let go. Raises RuleRefused for one without a name, or
    for a kind or a field that nothing has.
    """
    if not policy.name.strip():
        raise RuleRefused("give the policy a name; nothing was saved")
    known = [one for one in case_kinds() if one.fields and _covers(policy.kind, one.kind)]
    if not known:
        raise RuleRefused(f"nothing can be corrected in cases of the kind {policy.kind}; nothing was saved")
    if policy.field and not any(policy.field in one.fields for one in known):
        raise RuleRefused(f"no case of these kinds lets {policy.field} be corrected; nothing was saved")
    if policy.checkers not in ("", *GROUPS):
        raise RuleRefused(f"there is no staff group {policy.checkers}; nothing was saved")
    if policy.least_amount < 0:
        raise RuleRefused("the least amount cannot be below nothing; nothing was saved")
    policy.save()
    return policy


@transaction.atomic
def drop_policy(*, policy_id: int) -> None:
    """The policy is gone; what waits by it waits on. Raises RuleRefused for one that is gone already."""
    if not EditPolicy.objects.filter(pk=policy_id).delete()[0]:
        raise RuleRefused("the policy is gone already; nothing was done")


def _covers(wanted: str, kind: str) -> bool:
    return not wanted or (kind.startswith(wanted) if wanted.endswith(".") else kind == wanted)
