"""What is noted of calls is for operating the portal, not a fact: it goes after two weeks."""

from __future__ import annotations

from distportal.events.retention import Retention, keep

keep(Retention(name="system_calls", table="systems_systemcall", age="ended_at", days=14))
