"""A database that holds an ERP's master data before the first test that wants them begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from distportal.accounts.seeds import seed_accounts
from distportal.events.clock import database_now
from distportal.management.backup.ahead import AHEAD, go_ahead
from distportal.systems.registry import forget_connections
from inventory.models import FeedCursor
from inventory.process.sync import JOBS, sync_feed
from tests.databases import use_test_database
from tests.kept import kept
from tests.sandbox import SandboxProcess


@dataclass(frozen=True, slots=True)
class StockedDatabase:
    """Its name, whose data it holds, and the number of the last change of each kind in them."""

    name: str
    url: str
    newest: dict[str, int]

    def catch_up(self, erp: SandboxProcess) -> None:
        """In the test's own transaction: items and prices that earlier tests changed. What they did to stock and
        balances was put back in the ERP.
        """
        assert connection.settings_dict["NAME"] == self.name, "a test says by its arguments that it wants `synced`"
        assert erp.url == self.url
        newest = erp.newest()
        for kind in JOBS:
            if newest[kind] != self.newest[kind]:
                sync_feed(kind=kind)
        FeedCursor.objects.update(read_at=database_now())  # nothing is newer there than what the database holds


def stock_database(erp: SandboxProcess) -> StockedDatabase:
    """The demo people and all that the ERP's feeds tell, committed; this process is connected to it from now on."""
    erp.faults()
    erp.restock()
    forget_connections()
    name = use_test_database("_stocked")
    go_ahead(AHEAD)  # the ERP knows orders of the other database by their numbers
    seed_accounts()
    for kind in JOBS:
        sync_feed(kind=kind)
    kept.note(name)
    forget_connections()
    return StockedDatabase(name, erp.url, erp.newest())


def adapters_of(erp: SandboxProcess) -> dict[str, dict[str, Any]]:
    """The portal's ERP connection points at this process and settles quickly."""
    return {
        "default": {
            **settings.ERP_ADAPTERS["default"],
            "url": erp.url,
            "token": erp.token,
            "settle_seconds": 1.0,
            "rate_per_minute": 100_000,  # the limiter has tests of its own
        }
    }
