"""The flows of work that operations may pause, registered by the app that runs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One kind of job by a name that people use; `effect` says what waits while it rests."""

    kind: str
    title: str
    effect: str
    order: int


_flows: dict[str, Flow] = {}


def add_flow(flow: Flow) -> None:
    """Register a flow."""
    _flows[flow.kind] = flow


def flows() -> list[Flow]:
    """All of them, in order."""
    return sorted(_flows.values(), key=lambda flow: flow.order)
