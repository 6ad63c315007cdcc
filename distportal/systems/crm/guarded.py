"""A CRM adapter with the guard around each of its calls."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.systems.crm.port import Activity, ActivityState, CrmCapabilities, CrmHealth, CrmPort
from distportal.systems.guard import Limits, guarded


class GuardedCrm:
    """The port again; besides the adapter's errors every call can be Transient without having been made."""

    def __init__(self, adapter: CrmPort, limits: Limits) -> None:
        self._adapter = adapter
        self._limits = limits

    def capabilities(self) -> CrmCapabilities:
        """As the adapter says; makes no call."""
        return self._adapter.capabilities()

    def health(self) -> CrmHealth:
        """Guarded read."""
        with guarded(self._limits, "health", "read"):
            return self._adapter.health()

    def find_activity(self, key: str) -> Sequence[ActivityState]:
        """Guarded read."""
        with guarded(self._limits, "find_activity", "read", key):
            return self._adapter.find_activity(key)

    def put_activity(self, activity: Activity) -> ActivityState:
        """Guarded write."""
        with guarded(self._limits, "put_activity", "write", activity.key):
            return self._adapter.put_activity(activity)
