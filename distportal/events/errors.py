"""How a job or a subscriber tells what shall happen next."""

from __future__ import annotations

from distportal.common.errors import Conflict, DomainError


class RetryLater(Exception):
    """Not now. `after` seconds (None: back off with jitter); `counts` False gives the attempt back (breaker, rate)."""

    def __init__(self, reason: str, *, after: float | None = None, counts: bool = True) -> None:
        super().__init__(reason)
        self.after = after
        self.counts = counts


class GiveUp(Exception):
    """Trying again cannot help: the job is dead now and a case tells a person."""


class TakesNoOrders(DomainError):
    """New orders cannot be stored safely for the moment; the sender shall send again."""

    code = "takes_no_orders"
    http_status = 503
    retryable = True


class KeyReused(Conflict):
    """The same idempotency key came with another request."""

    code = "idempotency_key_reused"
    http_status = 422


class StillRunning(Conflict):
    """The first request with this key is not finished."""

    code = "idempotency_key_in_use"
    http_status = 409


class NotDead(Conflict):
    """Work that was given up is no more: somebody had it tried again, or it is done."""

    code = "not_dead"


class NotTogether(Exception):
    """One of many had no effect: of none of them anything may stay, each has to be brought by itself."""
