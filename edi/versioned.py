"""The rules of partners whose versions are kept."""

from __future__ import annotations

from distportal.governance.registry import RuleKind, add_rules
from edi.models import Agreement

add_rules(
    RuleKind(
        name="agreements", title="Agreements with partners", model=Agreement, related=("partner",),
        about=lambda row: f"{row.partner}: {row}", check=lambda row: row.terms,
        fields=(
            "active", "releases", "release", "ack", "duplicate_window_days", "error_policy", "ctt_policy", "options",
        ),
    )
)  # fmt: skip
