"""The rules for clients of the API whose versions are kept."""

from __future__ import annotations

from distportal.accounts.models import ApiPolicy
from distportal.governance.registry import RuleKind, add_rules

add_rules(
    RuleKind(
        name="api_policies", title="Policies of API clients", model=ApiPolicy, about=str,
        fields=("rate_per_minute", "burst", "daily_quota", "hidden_fields"),
    )
)  # fmt: skip
