"""What all tests share: the cast, and a portal that reads from a real sandbox ERP."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from _pytest.nodeid import NodeId
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import TestCase, TransactionTestCase

from distportal.accounts.models import Account, User
from distportal.common.collector import collect_rarely
from distportal.common.redis_client import cache_redis
from distportal.events.choices import Level
from distportal.systems.erp.port import FeedKind
from tests.databases import drop_test_database, use_test_database
from tests.dead_rows import sweep_dead_rows
from tests.mute import Mute
from tests.rows import Rows, bring_back, digest_of, kept_rows, leave_only, noted_rows
from tests.sandbox import SandboxProcess

pytest_plugins = ("tests.erp_peers.ahead",)


@dataclass(frozen=True)
class Cast:
    """The people of every story: a buyer and a colleague of one dealer, a stranger of another, and staff."""

    harbor: Account
    buyer: User
    colleague: User
    stranger: User
    agent: User
    finance: User
    finance2: User


GOODS: Final[tuple[FeedKind, ...]] = ("item", "stock", "price")


@dataclass
class Goods:
    """The rows of an ERP's items, stock and prices, and the number of the last change of each kind in them."""

    rows: Rows = field(default_factory=Rows)
    newest: dict[str, int] = field(default_factory=dict)


@dataclass
class Customers:
    """The rows that an ERP's customers change, its last change of them, and the accounts that they were applied to."""

    rows: Rows = field(default_factory=Rows)
    newest: int = 0
    of: str = ""


@dataclass
class Opening:
    """The rows of the people, and the goods and customers of each ERP by its address."""

    people: Rows = field(default_factory=Rows)
    goods: dict[str, Goods] = field(default_factory=dict)
    customers: dict[str, Customers] = field(default_factory=dict)


@pytest.fixture(scope="session", autouse=True)
def quick_and_quiet() -> None:
    """No password hashing that is slow on purpose, and no hints to workers: tests do the due work themselves."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SEND_HINTS = False
    # Limits, breakers and slots of systems are shared by all who share a Redis: each test process has a database.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    settings.CACHE_URL = f"{settings.CACHE_URL.partition('?')[0]}?db={int(worker) + 1}"
    cache_redis.cache_clear()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """A copy of the migrated template database for this test process."""
    with django_db_blocker.unblock():
        name = use_test_database()
    yield
    with django_db_blocker.unblock():
        drop_test_database(name)


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pressure, and no question to the database for it, unless a test uses `press`."""
    from distportal.events import pressure

    monkeypatch.setattr(pressure, "_kept", (math.inf, pressure.Reading()))


@pytest.fixture
def press(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[Level], None]:
    """`press(Level.SHED)`: that was measured just now."""
    from distportal.events import pressure
    from distportal.events.clock import database_now
    from distportal.events.models import Pressure

    def make(level: Level) -> None:
        now = database_now()
        found = {"level": level, "reasons": ["the test says so"] if level else [], "since": now, "measured_at": now}
        Pressure.objects.update_or_create(name="site", defaults=found)
        monkeypatch.setattr(pressure, "_kept", None)

    return make


@pytest.fixture(scope="session")
def opening() -> Opening:
    """What tests of this process begin with, once the first of them has written it."""
    return Opening()


@pytest.fixture(scope="session", autouse=True)
def swept_quickly(django_db_setup: None, django_db_blocker: Any) -> None:
    """A test that commits leaves the template's rows and no others; Django's own way empties every table and writes
    content types and permissions anew, which takes a second. What was rolled back or deleted is cut off.
    """
    with django_db_blocker.unblock():
        template = kept_rows()
    roll_back = TestCase._fixture_teardown  # type: ignore[attr-defined]

    def sweep(test: TransactionTestCase) -> None:
        leave_only(template)
        sweep_dead_rows()

    def undo(test: TestCase) -> None:
        roll_back(test)
        sweep_dead_rows()

    TransactionTestCase._fixture_teardown = sweep  # type: ignore[attr-defined]
    TestCase._fixture_teardown = undo  # type: ignore[attr-defined]


@pytest.fixture
def cast(db: None, opening: Opening) -> Cast:
    """The seeded demo people."""
    from distportal.accounts.seeds import seed_accounts

    if Account.objects.exists():
        seed_accounts()  # the test has made some of them itself
    elif opening.people:
        bring_back(opening.people)
    else:
        with noted_rows(opening.people):
            seed_accounts()
    people = {u.email.split("@")[0] + "@" + u.email.split("@")[1].split(".")[0]: u for u in User.objects.all()}
    assert Group.objects.count() == 3
    return Cast(
        harbor=Account.objects.get(code="HARBOR"),
        buyer=people["buyer@harbor"],
        colleague=people["admin@harbor"],
        stranger=people["buyer@summit"],
        agent=people["agent@northline"],
        finance=people["finance@northline"],
        finance2=people["finance2@northline"],
    )


@pytest.fixture(scope="session")
def erp_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """One sandbox ERP a test session with 200 items; tests tell their orders apart by key."""
    process = SandboxProcess(tmp_path_factory.mktemp("erp"), "--per-family", "40")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def portal_erp(erp_process: SandboxProcess, settings: Any) -> Iterator[SandboxProcess]:
    """The portal's ERP connection points at the sandbox process, in good order, with a short settle time."""
    from distportal.systems.registry import forget_connections

    settings.ERP_ADAPTERS = {
        "default": {
            **settings.ERP_ADAPTERS["default"],
            "url": erp_process.url,
            "token": erp_process.token,
            "settle_seconds": 1.0,
            "rate_per_minute": 100_000,  # the limiter has tests of its own
        }
    }
    forget_connections()
    erp_process.faults()
    erp_process.restock()
    cache_redis().flushdb()  # what an earlier test did to the limits of its ERP
    yield erp_process
    forget_connections()


@pytest.fixture
def synced(cast: Cast, portal_erp: SandboxProcess, opening: Opening) -> SandboxProcess:
    """The ERP, after its master data were read: in full the first time, later what changed since."""
    from distportal.events.clock import database_now
    from inventory.models import FeedCursor
    from inventory.process.sync import sync_feed

    goods = opening.goods.setdefault(portal_erp.url, Goods())
    newest = portal_erp.newest()
    if not goods.rows:
        goods.newest = newest
        with noted_rows(goods.rows):
            for kind in GOODS:
                sync_feed(kind=kind)
    else:
        bring_back(goods.rows)
        for kind in GOODS:
            if newest[kind] != goods.newest[kind]:
                sync_feed(kind=kind)
        FeedCursor.objects.update(read_at=database_now())  # nothing is newer there than what was brought back
    _apply_customers(opening.customers.setdefault(portal_erp.url, Customers()), newest["customer"])
    return portal_erp


def _apply_customers(customers: Customers, newest: int) -> None:
    """They change accounts, which the test may have changed before: then they are read in full."""
    from inventory.process.sync import sync_feed

    accounts = digest_of("accounts_account", "accounts_shipto")
    if not customers.rows:
        customers.newest, customers.of = newest, accounts
        with noted_rows(customers.rows):
            sync_feed(kind="customer")
        return
    if accounts == customers.of:
        bring_back(customers.rows)
    if accounts != customers.of or newest != customers.newest:
        sync_feed(kind="customer")


def pytest_collection_finish() -> None:
    """All modules are loaded now: what they hold is looked through no more, and new objects as rarely as workers do."""
    collect_rarely()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups keep together: xdist 3.8 notes a test's group where pytest 9.2 no longer reads a test's name from."""
    for item in items:
        noted = getattr(item, "_nodeid", "")
        if "@" in noted:
            item._id = NodeId.parse(noted)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests against real foreign systems saw."""
    told = [
        f"{report.nodeid.rpartition('::')[2].partition('@')[0]}: {value}"
        for report in terminalreporter.getreports("passed")
        for name, value in getattr(report, "user_properties", ())
        if name == "evidence" and report.when == "call"
    ]
    if told:
        terminalreporter.section("seen in foreign systems")
        for line in sorted(told):
            terminalreporter.line(line)


@pytest.fixture
def mute() -> Iterator[Mute]:
    """A server that hangs."""
    server = Mute()
    yield server
    server.close()
