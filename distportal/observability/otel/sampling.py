"""Which stories are told: a share of them, the same in each process, each story whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes


class StorySampler(Sampler):
    """A call is told inside a span of ours alone: what only looks for work has none, and its calls are no stories.

    The package's own ratio sampler reads the low half of the id, where a UUID has fixed bits: at a tenth it would take
    none at all. The first 48 bits of ours are random.
    """

    def __init__(self, share: float) -> None:
        self._bound = round(share * (1 << 48))

    def tells(self, trace_id: int) -> bool:
        """Whether the story is one of the share."""
        return trace_id >> 80 < self._bound

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        parent = get_current_span(parent_context).get_span_context()
        if parent.is_valid and not parent.is_remote:
            told = parent.trace_flags.sampled
        else:
            told = kind is not SpanKind.CLIENT and self.tells(trace_id)
        return SamplingResult(Decision.RECORD_AND_SAMPLE if told else Decision.DROP, attributes)

    def get_description(self) -> str:
        return f"StorySampler{{{self._bound / (1 << 48):g}}}"
