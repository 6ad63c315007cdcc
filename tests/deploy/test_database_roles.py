"""The roles of deploy/database/roles.sql are enough for the work of each process, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from distportal.accounts.models import Account, User
from distportal.accounts.raising import raise_wall
from distportal.accounts.wall import behind_wall
from distportal.events.sweeper import work_until_idle
from distportal.personal.choices import RequestState
from distportal.personal.models import PersonalRequest
from distportal.personal.requests import carry_out
from orders.models import Order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.deploy.product import DEPLOY
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("database_roles")]
READ, ALL = {"SELECT"}, {"SELECT", "INSERT", "UPDATE", "DELETE"}
RIGHTS = """
SELECT c.relname, p FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) p
 WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND has_table_privilege(%s, c.oid, p)
"""
"""What a role may do in the end: what it was given, and what it has from roles that it is a member of."""


@pytest.fixture
def roles(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute((DEPLOY / "database/roles.sql").read_text())


@contextmanager
def signed_in_as(role: str) -> Iterator[None]:
    """This connection is one of that role, as if it had signed in with it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {role}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")


def rights(role: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, [role])
        for table, privilege in cursor.fetchall():
            found.setdefault(table, set()).add(privilege)
    return found


def histories() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_obj_id'")
        return {name for (name,) in cursor.fetchall()}


def refused(statement: str) -> str:
    with pytest.raises(ProgrammingError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(error.value)


def test_each_role_has_exactly_these_rights(roles: None) -> None:
    tables = set(connection.introspection.table_names())
    others = {"events_flowswitch", "events_outboxevent", "events_historyseal"}
    kept = dict.fromkeys(histories() | others, READ | {"INSERT"})
    assert len(kept) > 20
    common = dict.fromkeys(tables, ALL) | kept | {"django_migrations": READ}
    cleared = ("events_job", "events_outboxdelivery", "events_consumedevent", "systems_systemcall")
    web = common | dict.fromkeys(cleared, ALL - {"DELETE"})
    assert rights("distportal_web") == web
    assert rights("distportal_worker") == {
        table: found for table, found in common.items() if table != "mfa_authenticator"
    }
    hidden = {
        "accounts_apikey", "accounts_apikeyevent", "accounts_user", "django_session", "edi_mailbox", "edi_certificate",
        "mfa_authenticator", "usersessions_usersession", "personal_personalrequest", "webhooks_endpoint",
        "webhooks_sender",
    }  # fmt: skip
    assert rights("distportal_readonly") == dict.fromkeys(tables - hidden, READ)


def test_an_order_goes_its_way_with_the_roles_of_web_and_worker(
    synced: SandboxProcess, cast: Cast, roles: None
) -> None:
    with signed_in_as("distportal_web"):
        order = place_order(order=asked(("FST-10001", "10", "EA", None), po="PO-ROLES"), source_key="t:roles").order
        page = signed_in(cast.buyer).get(f"/orders/{order.number}/")
        stranger = signed_in(cast.stranger).get(f"/orders/{order.number}/")
        staff = signed_in(cast.agent).get(f"/orders/{order.number}/")
    assert (page.status_code, stranger.status_code, staff.status_code) == (200, 404, 200)
    with signed_in_as("distportal_worker"):
        assert work_until_idle() > 0
    order.refresh_from_db()
    assert order.erp_number


@pytest.mark.parametrize("role", ["distportal_web", "distportal_worker"])
def test_nobody_who_works_can_write_history_anew(role: str, cast: Cast, roles: None) -> None:
    assert "accounts_accountevent" in histories()
    with signed_in_as(role):
        cast.harbor.name = "Harbor & Sons"
        cast.harbor.save(update_fields=["name"])  # the trigger writes its line
        for statement in (
            "UPDATE accounts_accountevent SET name = 'x'",
            "DELETE FROM accounts_accountevent",
            "TRUNCATE accounts_accountevent",
            "UPDATE events_outboxevent SET actor = 'x'",
            "DELETE FROM events_flowswitch",
            "DELETE FROM events_historyseal",
        ):
            assert "permission denied" in refused(statement), statement
        assert "must be owner" in refused("ALTER TABLE accounts_account DISABLE TRIGGER ALL")
        assert "must be owner" in refused("DROP POLICY dealer ON accounts_account")
        assert "permission denied" in refused("SET session_replication_role = replica")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_accountevent WHERE name = 'Harbor & Sons'")
        assert cursor.fetchone() == (1,)


def test_behind_the_wall_the_role_of_web_sees_one_company(cast: Cast, roles: None) -> None:
    with signed_in_as("distportal_web"):
        assert Account.objects.count() > 1
        with behind_wall([cast.harbor.pk]):
            assert list(Account.objects.all()) == [cast.harbor]
            assert Order.objects.count() == 0
        assert Account.objects.count() > 1


def test_who_only_reads_sees_no_secret_and_writes_nothing(cast: Cast, roles: None) -> None:
    with signed_in_as("distportal_readonly"):
        assert User.objects.values_list("email", flat=True).count() > 3
        for statement in (
            "SELECT password FROM accounts_user",
            "SELECT hashed_key FROM accounts_apikey",
            "SELECT id FROM accounts_apikeyevent",
            "SELECT * FROM django_session",
            "SELECT secret FROM edi_mailbox",
            "UPDATE accounts_account SET name = 'x'",
        ):
            assert "permission denied" in refused(statement), statement


def test_reports_end_by_themselves_and_the_last_connections_are_the_portals(roles: None) -> None:
    """A transaction that stays open keeps VACUUM from what became dead since: the queues' tables grow."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolconnlimit, rolconfig FROM pg_roles WHERE rolname = 'distportal_readonly'")
        limit, config = cursor.fetchone()
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'distportal%' AND"
            " pg_has_role(rolname, 'pg_use_reserved_connections', 'MEMBER') ORDER BY 1"
        )
        reserved = [name for (name,) in cursor.fetchall()]
    assert limit == 10
    limits = {"statement_timeout=5min", "idle_in_transaction_session_timeout=1min", "transaction_timeout=15min"}
    assert set(config) == limits
    assert reserved == ["distportal_web", "distportal_worker"]


def test_running_it_again_changes_nothing(roles: None) -> None:
    names: Any = ("distportal_web", "distportal_worker", "distportal_readonly", "distportal_dealer")
    before = [rights(name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute((DEPLOY / "database/roles.sql").read_text())
    assert [rights(name) for name in names] == before


def test_the_wall_of_a_migration_gives_histories_to_nobody(roles: None) -> None:
    raise_wall()
    for role in ("distportal_dealer", "distportal_web", "distportal_worker"):
        given = rights(role)
        kept = {*histories(), "events_flowswitch", "events_outboxevent", "events_historyseal"}
        assert {table for table in kept if given[table] != {"SELECT", "INSERT"}} == set(), role


def test_a_worker_may_not_erase_and_says_who_may(roles: None, cast: Cast) -> None:
    agent, finance = cast.agent, cast.finance
    row = PersonalRequest.objects.create(
        kind="erasure", state=RequestState.AGREED, email=cast.buyer.email, reason="r", asked_by=agent, agreed_by=finance
    )
    with signed_in_as("distportal_worker"):
        assert carry_out(request_id=row.pk).state == RequestState.OWNER
    assert User.objects.filter(email=cast.buyer.email).exists()
    assert carry_out(request_id=row.pk).state == RequestState.DONE
    assert not User.objects.filter(email=cast.buyer.email).exists()
