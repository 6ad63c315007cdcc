"""A carrier's adapter with the guard around each of its calls."""

from __future__ import annotations

from distportal.systems.guard import Limits, guarded
from distportal.systems.health import SystemHealth
from distportal.systems.tms.port import TmsCapabilities, TmsPage, TmsPort


class GuardedTms:
    """The port again; besides the adapter's errors every call can be Transient without having been made."""

    def __init__(self, adapter: TmsPort, limits: Limits) -> None:
        self._adapter = adapter
        self._limits = limits

    def capabilities(self) -> TmsCapabilities:
        """As the adapter says; makes no call."""
        return self._adapter.capabilities()

    def health(self) -> SystemHealth:
        """Guarded read."""
        with guarded(self._limits, "health", "read"):
            return self._adapter.health()

    def events(self, cursor: str | None, limit: int) -> TmsPage:
        """Guarded read."""
        with guarded(self._limits, "events", "read"):
            return self._adapter.events(cursor, limit)

    def webhook_secret(self) -> str:
        """As the adapter says; makes no call."""
        return self._adapter.webhook_secret()
