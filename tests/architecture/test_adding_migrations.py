"""Migrations that draw the picture of models less often send what Django's own way sends (common/migrating.py)."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from distportal.common.migrating import AddingMigration, groups


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


def statements(loader: MigrationLoader, key: tuple[str, str], way: type[migrations.Migration]) -> list[str]:
    """What the migration would send, in order, and nothing of it is sent."""
    migration = loader.graph.nodes[key]
    state = loader.project_state(key, at_end=False)
    _ = state.apps  # as the executor does
    editor = connection.schema_editor(collect_sql=True)
    with editor:
        way.apply(migration, state, editor)
    assert state.models.keys() == loader.project_state(key).models.keys()
    return [str(line) for line in editor.collected_sql]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key",
    [
        ("threads", "0001_messages_on_records"),  # tables, then parts of the same tables
        ("orders", "0037_tolerances_and_limits"),  # columns, triggers and a table beside them
        ("exceptions", "0009_routines"),
    ],
    ids=".".join,
)
def test_the_same_statements_are_sent_in_the_same_order(loader: MigrationLoader, key: tuple[str, str]) -> None:
    assert isinstance(loader.graph.nodes[key], AddingMigration)
    ours = statements(loader, key, AddingMigration)
    assert len(ours) > 3
    assert ours == statements(loader, key, migrations.Migration)


def test_a_part_of_a_table_of_the_group_and_any_other_kind_begin_a_new_one() -> None:
    def table(name: str) -> Operation:
        return migrations.CreateModel(name, [("id", models.BigAutoField(primary_key=True))])

    def column(of: str) -> Operation:
        return migrations.AddField(of, "more", models.IntegerField(null=True))

    one, other, sent, old, own = (
        table("One"),
        table("Other"),
        migrations.RunSQL("SELECT 1"),
        column("old"),
        column("one"),
    )
    found = list(groups([one, other, sent, old, table("Third"), own]))
    assert [len(group) for group in found] == [2, 1, 3]
    assert list(groups([one, own, old])) == [[one], [own, old]]
    assert list(groups([])) == []
