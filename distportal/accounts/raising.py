"""The second wall is raised after each migration: the role, its grants, and each policy that is new or changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from distportal.accounts.errors import NoDealerRole
from distportal.accounts.policies import POLICY, Policy, dealer_policies

_STANDING = """
SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE p.polname = %s AND c.relnamespace = current_schema()::regnamespace AND p.polroles = ARRAY[%s::regrole::oid]
"""
_MAKE_ROLE = """
DO $$ BEGIN CREATE ROLE {role} NOLOGIN; GRANT {role} TO CURRENT_USER;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""
_GRANTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
)
_NEVER_ANEW = "REVOKE UPDATE, DELETE ON {table} FROM {role}"
_HISTORIES = """
SELECT DISTINCT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
   AND (a.attname = 'pgh_obj_id' OR c.relname IN ('events_flowswitch', 'events_historyseal', 'events_outboxevent'))
"""


def raise_wall(*, using: str = "default", **_: Any) -> None:
    """After it every table that belongs to accounts has the policy its model asks for; one that has it is not touched.

    Called by `post_migrate`. Raises NoDealerRole when the role is missing and may not be made.
    """
    role = settings.DEALER_DATABASE_ROLE
    if not role:
        return
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        have_role(cursor, role)
        schema = _one(cursor, "SELECT current_schema()")
        for grant in _GRANTS:
            cursor.execute(sql.SQL(grant).format(schema=sql.Identifier(schema), role=sql.Identifier(role)))
        for table in _histories(cursor):
            cursor.execute(sql.SQL(_NEVER_ANEW).format(table=sql.Identifier(table), role=sql.Identifier(role)))
        cursor.execute(_STANDING, [POLICY, f'"{role}"'])
        standing = dict(cursor.fetchall())
        there = set(connection.introspection.table_names(cursor))
        wanted = {policy.table: policy for policy in dealer_policies() if policy.table in there}
        for policy in wanted.values():
            if standing.get(policy.table) != policy.digest:
                _put(cursor, role, policy)
        for table in standing.keys() - wanted.keys():
            cursor.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(POLICY), sql.Identifier(table)))


def _histories(cursor: CursorWrapper) -> list[str]:
    """Tables of what was, as histories by triggers: never changed."""
    cursor.execute(_HISTORIES)
    return [name for (name,) in cursor.fetchall()]


def have_role(cursor: CursorWrapper, role: str) -> None:
    """The role is there after it; policies cannot be made or restored without. Raises NoDealerRole."""
    if _one(cursor, "SELECT count(*) FROM pg_roles WHERE rolname = %s", [role]):
        return
    if not _one(cursor, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"):
        raise NoDealerRole(role, _one(cursor, "SELECT current_user"))
    cursor.execute(sql.SQL(_MAKE_ROLE).format(role=sql.Identifier(role)))


def _put(cursor: CursorWrapper, role: str, policy: Policy) -> None:
    names = {
        "table": sql.Identifier(policy.table),
        "name": sql.Identifier(POLICY),
        "role": sql.Identifier(role),
        "seen": sql.SQL(policy.seen),  # made of models' names alone
        "written": sql.SQL(policy.written),
        "digest": sql.Literal(policy.digest),
    }
    for statement in (
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS {name} ON {table}",
        "CREATE POLICY {name} ON {table} TO {role} USING ({seen}) WITH CHECK ({written})",
        "COMMENT ON POLICY {name} ON {table} IS {digest}",
    ):
        cursor.execute(sql.SQL(statement).format(**names))


def _one(cursor: CursorWrapper, query: str, values: list[str] | None = None) -> Any:
    cursor.execute(query, values)
    row = cursor.fetchone()
    return row[0] if row else None
