"""What partners had agreed to in their own columns is what their agreements say after the migration, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.databases import every_migration

pytestmark = pytest.mark.django_db(transaction=True)
MOVED = "partner_columns_to_agreements"


def migrate(target: tuple[str, str]) -> Any:
    """The models as they are after that migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def around() -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """The migration that moves the columns and the one before it; all is migrated again in the end."""
    with every_migration():
        graph = MigrationExecutor(connection).loader.graph
        [after] = [key for key in graph.nodes if key[0] == "edi" and key[1].endswith(MOVED)]
        [before] = [key for key in graph.node_map[after].parents if key.key[0] == "edi"]
        yield before.key, after
        MigrationExecutor(connection).migrate(graph.leaf_nodes())


def test_columns_become_agreements_and_back(around: tuple[tuple[str, str], tuple[str, str]]) -> None:
    before, after = around
    old = migrate(before)
    account = old.get_model("accounts", "Account").objects.create(code="MOVED", name="Moved", kind="retailer")
    old.get_model("edi", "TradingPartner").objects.create(
        code="MOVED", name="Moved", account=account, their_id="MOVED", our_id="US", release="005010",
        accepted_releases=["004010"], inbound_sets=["850", "850"], outbound_sets=["855", "856"], ack_wanted=False,
        duplicate_window_days=30, asn_structure="0004",
    )  # fmt: skip
    new = migrate(after)
    rows = new.get_model("edi", "Agreement").objects.filter(partner__code="MOVED")
    found = [
        (r.direction, r.set_id, r.active, r.releases, r.release, r.ack, r.duplicate_window_days, r.options)
        for r in rows.order_by("direction", "set_id")
    ]
    assert found == [
        ("in", "850", True, ["004010", "005010"], "005010", "997", 30, {}),
        ("out", "855", True, [], "005010", "none", 365, {}),
        ("out", "856", True, [], "005010", "none", 365, {"asn_structure": "0004"}),
    ]
    assert not hasattr(new.get_model("edi", "TradingPartner"), "inbound_sets")
    back = migrate(before).get_model("edi", "TradingPartner").objects.get(code="MOVED")
    assert (back.inbound_sets, back.outbound_sets, back.release) == (["850"], ["855", "856"], "005010")
    assert (back.ack_wanted, back.duplicate_window_days, back.asn_structure) == (False, 30, "0004")
    new = migrate(after)
    new.get_model("edi", "TradingPartner").objects.filter(code="MOVED").delete()
    new.get_model("accounts", "Account").objects.filter(code="MOVED").delete()
