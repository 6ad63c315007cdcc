"""What the canaries of the lanes are called, for who plans them before models are there."""

from __future__ import annotations

EVERY_SECONDS = 60.0


def canary_kind(lane: str) -> str:
    """The name of the lane's canary, which is also that of its schedule."""
    return f"events.canary_{lane}"
