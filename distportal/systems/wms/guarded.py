"""A warehouse adapter with the guard around each of its calls."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.systems.guard import Limits, guarded
from distportal.systems.health import SystemHealth
from distportal.systems.wms.port import Instruction, ReleaseState, WmsCapabilities, WmsPage, WmsPort


class GuardedWms:
    """The port again; besides the adapter's errors every call can be Transient without having been made."""

    def __init__(self, adapter: WmsPort, limits: Limits) -> None:
        self._adapter = adapter
        self._limits = limits

    def capabilities(self) -> WmsCapabilities:
        """As the adapter says; makes no call."""
        return self._adapter.capabilities()

    def health(self) -> SystemHealth:
        """Guarded read."""
        with guarded(self._limits, "health", "read"):
            return self._adapter.health()

    def find_release(self, reference: str) -> Sequence[ReleaseState]:
        """Guarded read."""
        with guarded(self._limits, "find_release", "read", reference):
            return self._adapter.find_release(reference)

    def release(self, instruction: Instruction) -> ReleaseState:
        """Guarded write."""
        with guarded(self._limits, "release", "write", instruction.reference):
            return self._adapter.release(instruction)

    def cancel(self, instruction: Instruction) -> ReleaseState:
        """Guarded write."""
        with guarded(self._limits, "cancel", "write", instruction.reference):
            return self._adapter.cancel(instruction)

    def events(self, cursor: str | None, limit: int) -> WmsPage:
        """Guarded read."""
        with guarded(self._limits, "events", "read"):
            return self._adapter.events(cursor, limit)
