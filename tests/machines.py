"""State machines of Hypothesis: a few runs in CI, always the same, and as many as are asked for by hand."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def run_machine(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Each run does up to `steps` acts; there are `examples` of them, or as many as PROPERTY_EXAMPLES says, others from
    fifty on.
    """
    examples = int(os.environ.get("PROPERTY_EXAMPLES", examples))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=examples < 50,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
