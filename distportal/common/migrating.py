"""Migrations that only add: Django's picture of all models is drawn once for many operations, not once for each.

Drawing it anew for every table, trigger and column is nine tenths of what an empty database takes. Operations that add
and do not look at each other's work may share the picture after the last of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

_PARTS: Final = (migrations.AddField, migrations.AddIndex, migrations.AddConstraint)
_ADDING: Final = (migrations.CreateModel, AddTrigger, *_PARTS)


class AddingMigration(migrations.Migration):
    """Applied as any other, with the same statements in the same order; only the picture of models is drawn less."""

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """As Django's, in groups. Where the SQL is only to be shown, and outside a transaction, it is Django's own."""
        if collect_sql or not self.atomic:
            return super().apply(project_state, schema_editor, collect_sql)
        for group in groups(self.operations):
            before = project_state.clone()
            if len(group) > 1:
                project_state.__dict__.pop("apps", None)  # a state without the picture changes without drawing it
            for operation in group:
                operation.state_forwards(self.app_label, project_state)
            for operation in group:
                operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state


def groups(operations: Sequence[Operation]) -> Iterator[list[Operation]]:
    """Operations in their order, those together that may share a picture; any other kind is by itself.

    A part of a table that the group itself makes begins the next one: the table would be made with the part in it.
    """
    group: list[Operation] = []
    made: set[str] = set()
    for operation in operations:
        alone = not isinstance(operation, _ADDING)
        if group and (alone or (isinstance(operation, _PARTS) and operation.model_name.lower() in made)):
            yield group
            group, made = [], set()
        if alone:
            yield [operation]
            continue
        group.append(operation)
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name.lower())
    if group:
        yield group
