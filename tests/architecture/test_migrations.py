"""A new version's migrations run while the old version takes orders: docs/migrations.md."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from tests.architecture.migration_rules import all_broken, broken_rules

BEFORE_THE_RULES = {
    "edi.0005_credit_memo_sets",
    "edi.0006_transports",
    "edi.0009_logistics",
    "edi.0011_partner_columns_to_agreements",
    "edi.0013_business_calendars",
    "edi.0015_words_in_mapping_tables",
    "events.0003_pressure_and_turns",
    "exceptions.0002_desk_foundation",
    "inventory.0003_supplies_promises_and_price_groups",
    "inventory.0004_packs_and_quantities",
    "inventory.0005_substitutes_and_part_numbers",
    "notices.0002_time_zone_of_people",
    "orders.0003_remittances_and_returns",
    "orders.0004_changes_and_parts_of_pos",
    "orders.0018_carts_and_shipping",
    "orders.0021_returns_received_and_credited",
    "orders.0023_approvals",
    "orders.0027_disputes_and_findings",
}
"""Made before the first version that a site runs: nobody has to migrate over them while orders come in."""
AGREED: dict[str, str] = {}
"""`app.name` of a migration that may break a rule, and why no running version minds: for a column that goes, the
version that stopped using it."""


def test_every_new_migration_can_be_run_under_the_last_version() -> None:
    found = {name: words for name, words in all_broken().items() if name not in BEFORE_THE_RULES | AGREED.keys()}
    assert found == {}, "docs/migrations.md says how to do it in steps"


def test_no_exception_is_kept_for_nothing() -> None:
    assert sorted((BEFORE_THE_RULES | AGREED.keys()) - all_broken().keys()) == []


def broken(*operations: Operation) -> list[str]:
    """What is wrong with these on a table `app_thing` with a nullable `name` of 20 letters."""
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20, null=True)),
    ]
    state.add_model(ModelState("app", "Thing", fields))
    migration = migrations.Migration("0002", "app")
    migration.operations = list(operations)
    return broken_rules(migration, state)


def name(**changed: Any) -> models.CharField:
    return models.CharField(**{"max_length": 20, "null": True, **changed})


INDEX = models.Index(fields=["name"], name="by_name")
CHECK = models.CheckConstraint(condition=~models.Q(name=""), name="named")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (migrations.AddField("thing", "x", models.IntegerField(default=0)), "writes rows without it"),
        (migrations.AddField("thing", "x", models.IntegerField(db_default=0, db_index=True)), "its index is built"),
        (migrations.RemoveField("thing", "name"), "may not go"),
        (migrations.RenameField("thing", "name", "title"), "may not go"),
        (migrations.RenameModel("Thing", "Other"), "may not go"),
        (migrations.DeleteModel("Thing"), "may not go"),
        (migrations.AddIndex("thing", INDEX), "AddIndexConcurrently"),
        (migrations.AddConstraint("thing", CHECK), "NOT VALID first"),
        (migrations.AlterField("thing", "name", name(null=False)), "writes NULL there"),
        (migrations.AlterField("thing", "name", models.IntegerField(null=True)), "rewrites the table"),
        (migrations.AlterField("thing", "name", name(max_length=10)), "writes longer words"),
        (migrations.AlterField("thing", "name", name(unique=True)), "built under a lock"),
        (migrations.RunPython(lambda _apps, _editor: None), "no way back"),
        (migrations.RunSQL("SELECT 1"), "no way back"),
        (migrations.SeparateDatabaseAndState([migrations.RunSQL("SELECT 1")]), "no way back"),
    ],
)
def test_what_a_running_version_could_not_bear_is_found(operation: Operation, words: str) -> None:
    (found,) = broken(operation)
    assert words in found


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("thing", "x", models.IntegerField(db_default=0)),
        migrations.AddField("thing", "x", models.IntegerField(null=True)),
        AddIndexConcurrently("thing", INDEX),
        AddConstraintNotValid("thing", CHECK),
        migrations.AlterField("thing", "name", name(max_length=40)),
        migrations.RunSQL("SELECT 1", migrations.RunSQL.noop),
        migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("x", models.IntegerField())]),
    ],
)
def test_what_it_bears_is_let_through(operation: Operation) -> None:
    assert broken(operation) == []


def test_a_table_that_is_new_may_be_made_in_any_way() -> None:
    made = migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])
    column = migrations.AddField("new", "name", models.CharField(max_length=5))
    assert broken(made, column, migrations.AddIndex("new", INDEX)) == []
