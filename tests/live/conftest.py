"""One live portal a module, with seeded people and the master data read; its tests tell their orders apart by PO."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import global_settings
from django.db import connection
from django.test import override_settings

from distportal.accounts.seeds import seed_accounts
from inventory.process.sync import sync_feed
from orders.seeds import seed_orders
from tests.databases import connect_to, drop_test_database, use_test_database
from tests.live.portal import LivePortal
from tests.sandbox import SandboxProcess


@pytest.fixture(scope="module")
def live_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database that outlives a test: the processes of the module work on it."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        name = use_test_database("_live")
        yield
        drop_test_database(name)
        connect_to(before)


@pytest.fixture(scope="module")
def portal(live_database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePortal]:
    """A worker and the sweeper run; a test starts what else it needs."""
    erp = SandboxProcess(tmp_path_factory.mktemp("erp"), "--per-family", "20")
    erp.start()
    portal = LivePortal(tmp_path_factory.mktemp("live"), erp)
    try:
        with portal.connected():
            # The web process must be able to check them: with the hashers of a real site.
            with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
                seed_accounts()
            seed_orders()
            for kind in ("item", "stock", "price", "customer"):
                sync_feed(kind=kind)
            portal.start_worker()
            portal.start_sweeper()
            yield portal
    finally:
        portal.stop()
        erp.stop()


@pytest.fixture(autouse=True)
def no_faults(portal: LivePortal) -> None:
    """Every test starts with an ERP that works."""
    portal.erp.faults()
