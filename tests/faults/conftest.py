"""One site for all faults of a run: its database is its own server's, its ERP has plenty of everything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import global_settings, settings
from django.db import connection
from django.test import override_settings

from distportal.accounts.models import ApiKey
from distportal.accounts.seeds import seed_accounts
from distportal.embedded import postgres
from edi.seeds import seed_partner
from inventory.process.sync import sync_feed
from orders.seeds import seed_orders
from tests.databases import connect_to
from tests.faults.peers.peers import Peers
from tests.faults.quiet import judged, rest
from tests.faults.site import Site, copy_database, make_room, point_here
from tests.sandbox import SandboxProcess


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything runs; a test that breaks it leaves it healed."""
    with django_db_blocker.unblock():
        was = os.environ["DATABASE_URL"], settings.DATABASES["default"]["HOST"], connection.settings_dict["NAME"]
        pg_state, erp_folder = tmp_path_factory.mktemp("pg"), tmp_path_factory.mktemp("erp")
        here = postgres.start(pg_state)
        copy_database(was[0].replace(f"/{postgres.DATABASE}?", f"/{was[2]}?"), here)
        point_here(here)
        connect_to(postgres.DATABASE)
        erp = SandboxProcess(erp_folder, "--per-family", "20")
        erp.start()
        made = Site(tmp_path_factory.mktemp("site"), erp, pg_state)
        try:
            make_room(erp_folder)
            with made.connected(), override_settings(EDI_ROOT=made.edi_root):
                with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
                    seed_accounts()
                seed_orders()
                seed_partner(code="CRESTLINE")
                for kind in ("item", "stock", "price", "customer"):
                    sync_feed(kind=kind)
                made.start_all()
                yield made
        finally:
            made.stop()
            erp.stop()
            os.environ["DATABASE_URL"], host, name = was
            settings.DATABASES["default"]["HOST"] = connection.settings_dict["HOST"] = host
            connect_to(name)
            postgres.stop(pg_state)
            postgres.remove_data(pg_state)


@pytest.fixture(scope="session")
def peers(site: Site) -> Iterator[Peers]:
    """Partners on SFTP and AS2 and a webhook's receiver, each a process of the site, reached through a proxy."""
    made = Peers(site)
    yield made
    made.stop()


@pytest.fixture
def all_holds_afterwards(site: Site) -> Iterator[None]:
    """Whatever a test broke is healed, comes to rest, and no invariant is broken."""
    site.heal()
    yield
    site.heal()
    _, left = rest(site)
    assert left == {}, site.last_words()
    assert [str(row) for row in judged(site)] == []


@pytest.fixture(scope="session")
def secret(site: Site) -> str:
    """Of a key that may place orders for everybody."""
    return ApiKey.objects.create_key(name="Matrix", channel="crm", scopes=["orders:write", "orders:read"])[1]
