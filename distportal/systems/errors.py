"""What can go wrong when another system is called. The class alone decides what the worker does next."""

from __future__ import annotations

from collections.abc import Iterable


class SystemCallError(Exception):
    """Base of every system error; `code` is ours and stable, never the other system's text."""

    def __init__(self, code: str, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message or code
        self.retry_after = retry_after


class Transient(SystemCallError):
    """Nothing was written for sure (refused, DNS, 429, 423, breaker open, no slot): the same call may be made again."""


class UnknownOutcome(SystemCallError):
    """A write was sent and no verdict came (timeout, reset, 5xx): settle, look up, resend only on zero matches."""


class Rejected(SystemCallError):
    """The system understood and said no: a person decides, no retry."""


class Conflict(Rejected):
    """The same key with other content, or a stale version: read again, a person decides."""


class AuthFailed(SystemCallError):
    """Our credentials were refused: stop the whole connection and alarm, never burn tries."""


class Misconfigured(SystemCallError):
    """An unmapped unit, warehouse or customer, or a capability the system lacks: stop this flow."""


class Unmapped(Misconfigured):
    """Codes that nobody mapped: of which `kind`, whose `side` they are, and `scope`, the tables where they are looked
    up (set where the call was made).
    """

    def __init__(
        self, kind: str, codes: Iterable[str], message: str, *, side: str = "ours", prefix: str = "erp"
    ) -> None:
        super().__init__(f"{prefix}.unmapped_{kind}", message)
        self.kind = kind
        self.codes = tuple(codes)
        self.side = side
        self.scope = ""


class OutOfStep(SystemCallError):
    """The cursor was refused or a gap found: a full snapshot is due."""
