"""What all tests share: the cast, and a portal that reads from a real sandbox ERP."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.nodeid import NodeId
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import TestCase, TransactionTestCase, override_settings

from distportal.accounts.models import Account, User
from distportal.common.collector import collect_rarely
from distportal.common.redis_client import cache_redis
from distportal.events.choices import Level
from tests.databases import use_test_database
from tests.dead_rows import sweep_dead_rows
from tests.kept import kept
from tests.mute import Mute
from tests.rows import Rows, bring_back, noted_rows
from tests.sandbox import SandboxProcess
from tests.stocked import StockedDatabase, adapters_of, stock_database

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


@pytest.fixture(scope="session", autouse=True)
def quick_and_quiet(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No password hashing that is slow on purpose, and no hints to workers: tests do the due work themselves."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SEND_HINTS = False
    # Each client of a test looks through all that a demo put there, which takes a tenth of a second.
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
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
        kept.note(use_test_database())
    yield
    with django_db_blocker.unblock():
        kept.drop()


@pytest.fixture(scope="session")
def stocked_database(django_db_setup: None, erp_process: SandboxProcess, django_db_blocker: Any) -> StockedDatabase:
    """Another one, in which the demo people are and what the sandbox ERP's feeds tell at first."""
    with django_db_blocker.unblock(), override_settings(ERP_ADAPTERS=adapters_of(erp_process)):
        return stock_database(erp_process)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """Which of the two a test works on is settled before its transaction begins."""
    if fixturedef.argname == "_django_db_helper":
        kept.use(request.getfixturevalue("stocked_database").name if "synced" in request.fixturenames else "")


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


@pytest.fixture(scope="session", autouse=True)
def swept_quickly(django_db_setup: None) -> None:
    """A test that commits leaves the rows that its database began with and no others; Django's own way empties every
    table and writes content types and permissions anew, which takes a second. What was rolled back or deleted is cut
    off.
    """
    roll_back = TestCase._fixture_teardown  # type: ignore[attr-defined]

    def sweep(test: TransactionTestCase) -> None:
        kept.restore()
        sweep_dead_rows()

    def undo(test: TestCase) -> None:
        roll_back(test)
        sweep_dead_rows()

    TransactionTestCase._fixture_teardown = sweep  # type: ignore[attr-defined]
    TestCase._fixture_teardown = undo  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def people() -> Rows:
    """The rows of the demo people, once a test has seeded them."""
    return Rows()


@pytest.fixture
def cast(db: None, people: Rows, request: pytest.FixtureRequest) -> Cast:
    """The seeded demo people."""
    from distportal.accounts.seeds import seed_accounts

    if "synced" in request.fixturenames:
        pass  # its database holds them
    elif Account.objects.exists():
        seed_accounts()  # the test has made some of them itself
    elif people:
        bring_back(people)
    else:
        with noted_rows(people):
            seed_accounts()
    by_name = {u.email.split("@")[0] + "@" + u.email.split("@")[1].split(".")[0]: u for u in User.objects.all()}
    assert Group.objects.count() == 3
    return Cast(
        harbor=Account.objects.get(code="HARBOR"),
        buyer=by_name["buyer@harbor"],
        colleague=by_name["admin@harbor"],
        stranger=by_name["buyer@summit"],
        agent=by_name["agent@northline"],
        finance=by_name["finance@northline"],
        finance2=by_name["finance2@northline"],
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

    settings.ERP_ADAPTERS = adapters_of(erp_process)
    forget_connections()
    erp_process.faults()
    erp_process.restock()
    cache_redis().flushdb()  # what an earlier test did to the limits of its ERP
    yield erp_process
    forget_connections()


@pytest.fixture
def synced(cast: Cast, stocked_database: StockedDatabase, portal_erp: SandboxProcess) -> SandboxProcess:
    """The ERP, after its master data were read. They are in a database of their own: who wants them has this among the
    arguments from the start, of the test or of a fixture that it names.
    """
    stocked_database.catch_up(portal_erp)
    return portal_erp


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
