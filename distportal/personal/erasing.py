"""Somebody becomes a pseudonym: in working rows, in the audit trail and in its histories, all or nothing."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db import connection, transaction
from django.db.models import Model
from pghistory.models import Context

from distportal.accounts.choices import Role
from distportal.accounts.companies import keep_an_administrator
from distportal.accounts.models import Membership, User
from distportal.accounts.people import end_sessions
from distportal.accounts.personal import DataClass, Held, OnErasure, Person, histories, holdings
from distportal.events.sealing import rewriting, rewriting_contexts
from distportal.personal.finding import CHUNK, Marks, marks_of, rows_of

GONE = "erased"
_NUMBERS = ("phone", "fax")
_STREETS = ("street", "street2")
_OWNED = "SELECT has_table_privilege(%s, 'UPDATE')"


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """What somebody is called from now on; nothing leads back from it."""

    email: str
    name: str


def new_pseudonym() -> Pseudonym:
    """One that nobody has."""
    mark = secrets.token_hex(6)
    return Pseudonym(f"person-{mark}@erased.invalid", f"Person {mark}")


def may_rewrite_histories() -> bool:
    """Whether this process signed in to PostgreSQL as one who may: of the roles of deploy/database only the owner."""
    with connection.cursor() as cursor:
        cursor.execute(_OWNED, [User.pgh_event_model._meta.db_table])  # type: ignore[attr-defined]
        return bool(cursor.fetchone()[0])


@transaction.atomic
def erase(person: Person) -> tuple[Pseudonym, dict[str, int]]:
    """The pseudonym, and how many rows of each table were changed or went. Figures, hashes, numbers and what was sent
    to others stay, so orders balance as before.

    Raises Conflict for the last administrator of a company.
    """
    if person.user is not None:
        _keep_companies_run(person.user)
    new, marks = new_pseudonym(), marks_of(person)
    counts: dict[str, int] = {}
    # Rows that are only ever added, and histories, are guarded by triggers; this is the one act that passes them.
    with pgtrigger.ignore():
        for held in holdings():
            for one in (held, *histories(held)):
                if count := _erase_in(one, person, marks, new):
                    counts[one.name] = count
        if person.user is not None:
            _close(person.user)
    return new, counts


def _keep_companies_run(user: User) -> None:
    for row in Membership.objects.filter(user=user, role=Role.ADMIN, active=True).select_related("account", "user"):
        keep_an_administrator(row.account, without=row)


def _close(user: User) -> None:
    """Nobody signs in as them any more. Their name is the pseudonym already."""
    end_sessions(user)
    Membership.objects.filter(user=user).update(active=False)
    row = User.objects.get(pk=user.pk)
    row.set_unusable_password()
    row.is_active = row.is_staff = row.is_superuser = False
    row.last_login, row.language, row.time_zone = None, "", ""
    row.save()
    row.groups.clear()


def _erase_in(held: Held, person: Person, marks: Marks, new: Pseudonym) -> int:
    if held.on_erasure == OnErasure.KEPT:
        return 0
    if held.on_erasure == OnErasure.REMOVED:
        doomed = [row.pk for row in rows_of(held, person)]
        held.model._base_manager.filter(pk__in=doomed).delete()
        return len(doomed)
    changed: list[Model] = []
    count = 0
    for row in rows_of(held, person):
        if _rewrite(held, row, marks, new):
            changed.append(row)
            count += 1
        if len(changed) == CHUNK:
            _save(held, changed)
            changed = []
    _save(held, changed)
    return count


def _save(held: Held, rows: list[Model]) -> None:
    """Stretches of histories that were sealed before are sealed again, with the reason."""
    if not rows:
        return
    ids = [row.pk for row in rows]
    seals: AbstractContextManager[None] = nullcontext()
    if held.model is Context:
        seals = rewriting_contexts(ids)
    elif held.history:
        seals = rewriting(held.model._meta.db_table, ids)
    with seals:
        held.model._base_manager.bulk_update(rows, [column.name for column in held.texts()])


def _rewrite(held: Held, row: Any, marks: Marks, new: Pseudonym) -> bool:
    """Whether a word of the row is another one now."""
    open_still = held.closed is not None and not type(row)._base_manager.filter(held.closed(), pk=row.pk).exists()
    changed = False
    for column in held.texts():
        if open_still and held.fields[column.name] == DataClass.CONTACT:
            continue
        old = getattr(row, column.attname)
        value = _written(old, marks, new)
        if isinstance(value, str) and column.max_length:
            value = value[: column.max_length]
        if value != old:
            setattr(row, column.attname, value)
            changed = True
    return changed


def _written(value: Any, marks: Marks, new: Pseudonym) -> Any:
    """The value with the pseudonym; an object with their address or name in it loses telephone and street."""
    if isinstance(value, str):
        text = marks.email.sub(new.email, value)
        return marks.name.sub(new.name, text) if marks.name else text
    if isinstance(value, list):
        return [_written(one, marks, new) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _written(one, marks, new) for key, one in value.items()}
    theirs = any(found[key] != value[key] for key in ("email", "name") if key in value)
    for key in (*_NUMBERS, *_STREETS) if theirs else ():
        if found.get(key):
            found[key] = GONE if key in _STREETS else ""
    return found
