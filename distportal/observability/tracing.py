"""The story's id in the form that other systems' tracing reads (W3C Trace Context)."""

from __future__ import annotations

import secrets

from distportal.observability.correlation import correlation_id


def traceparent() -> str:
    """The header of one call: the story is the trace, each call a span of its own. Jobs carry the story in their row,
    so web, worker and ERP are one trace.
    """
    return f"00-{correlation_id().hex}-{secrets.token_hex(8)}-01"
