"""What a migration may do to tables that a running version uses: docs/migrations.md says why, this finds the rest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import AddField, AlterField, RemoveField, RenameField
from django.db.migrations.operations.models import (
    AddConstraint,
    AddIndex,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RenameModel,
)
from django.db.migrations.operations.special import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.state import ProjectState
from django.db.models import Field, ForeignKey, ManyToManyField
from django.db.models.fields import NOT_PROVIDED

from tests.databases import every_migration

CONTRACTS = (RemoveField, RenameField, DeleteModel, RenameModel, AlterModelTable)
APPS = ("distportal", "exceptions", "inventory", "orders", "edi")


def broken_rules(migration: Migration, state: ProjectState) -> list[str]:
    """What of the migration a running version could not bear, in words; `state` is that before it, and is moved on."""
    made: set[str] = set()
    found = []
    for operation in migration.operations:
        parts = operation.database_operations if isinstance(operation, SeparateDatabaseAndState) else [operation]
        for part in parts:
            if isinstance(part, CreateModel):
                made.add(part.name.lower())
            found += [word for word in _broken(part, migration, state) if _model(part) not in made]
        operation.state_forwards(migration.app_label, state)
    return found


def _model(operation: Operation) -> str:
    return str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()


def _broken(operation: Operation, migration: Migration, state: ProjectState) -> Iterator[str]:
    what = f"{type(operation).__name__} {_model(operation)}"
    if isinstance(operation, AddField):
        yield from _added(operation, what)
    elif isinstance(operation, AlterField):
        yield from _altered(operation, migration, state, what)
    elif isinstance(operation, CONTRACTS):
        yield f"{what}: what the last version uses may not go or change its name"
    elif isinstance(operation, AddIndex) and not isinstance(operation, AddIndexConcurrently):
        yield f"{what}: writes wait while the index is built; AddIndexConcurrently, atomic = False"
    elif isinstance(operation, AlterUniqueTogether) or (
        isinstance(operation, AddConstraint) and not isinstance(operation, AddConstraintNotValid)
    ):
        yield f"{what}: the table is read or indexed under a lock; NOT VALID first, or a unique index made beside"
    elif isinstance(operation, RunPython | RunSQL) and not operation.reversible:
        yield f"{what}: there is no way back"


def _added(operation: AddField, what: str) -> Iterator[str]:
    field = operation.field
    if isinstance(field, ManyToManyField):
        return
    if not field.null and field.db_default is NOT_PROVIDED:
        yield f"{what}.{operation.name}: the last version writes rows without it; db_default or null"
    if _indexed(field):
        yield f"{what}.{operation.name}: its index is built under a lock; db_index=False, then AddIndexConcurrently"


def _indexed(field: Field) -> bool:
    """A new column that is empty costs nothing to index; one with a value for each row does."""
    return bool(field.unique or field.db_index) and field.db_default is not NOT_PROVIDED


def _altered(operation: AlterField, migration: Migration, state: ProjectState, what: str) -> Iterator[str]:
    old = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
    new = operation.field
    if old.null and not new.null:
        yield f"{what}.{operation.name}: the last version writes NULL there"
    if old.get_internal_type() != new.get_internal_type():
        yield f"{what}.{operation.name}: another type rewrites the table"
    if (getattr(new, "max_length", None) or math.inf) < (getattr(old, "max_length", None) or math.inf):
        yield f"{what}.{operation.name}: the last version writes longer words"
    if (new.unique and not old.unique) or (new.db_index and not old.db_index and not isinstance(new, ForeignKey)):
        yield f"{what}.{operation.name}: its index is built under a lock"


@cache
def all_broken() -> dict[str, list[str]]:
    """By `app.name` what each of our migrations breaks, those that break nothing left out."""
    with every_migration():
        loader = MigrationLoader(None, ignore_no_migrations=True)
    state, found = ProjectState(), {}
    for key in _in_order(loader):
        migration = loader.graph.nodes[key]
        if migration.__module__.startswith(APPS) and not migration.initial:
            if words := broken_rules(migration, state):
                found[f"{key[0]}.{key[1]}"] = words
        else:
            for operation in migration.operations:
                operation.state_forwards(migration.app_label, state)
    return found


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    plan: list[tuple[str, str]] = []
    for leaf in sorted(loader.graph.leaf_nodes()):
        plan += [key for key in loader.graph.forwards_plan(leaf) if key not in set(plan)]
    return plan
