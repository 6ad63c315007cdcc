"""The checker is silent about a portal that is well, and finds each way in which an invariant can break."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from django.db import connection, transaction

from distportal.events.errors import GiveUp
from distportal.events.jobs import enqueue_job
from distportal.events.sweeper import work_until_idle
from edi.models import InboundFile, OutboundFile
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from tests.edi.conftest import Post
from tests.events import kinds
from tests.events.test_outbox import happen
from tests.faults.checker import Outside, broken
from tests.faults.seeded import DAMAGES, Damage
from tests.orders.builders import asked

pytest_plugins = ("tests.posts",)
pytestmark = pytest.mark.django_db


@pytest.fixture
def well(crestline: Post) -> Outside:
    """An EDI order that the ERP confirmed, a refused interchange, a held order and a dead job: all as it should be."""
    good = crestline.order(("FST-10001", "10", "0.42"), po="GOOD", number=7001)
    crestline.take(good)
    crestline.take(good.replace(b"IEA*1*000007001", b"IEA*1*000007999").replace(b"*000007001*", b"*000007002*"))
    place_order(order=asked(("FST-10001", "1", "EA", "0.01"), po="HELD"), source_key="test:held")
    for _ in range(2):
        happen()
    kinds.behaviour["work"] = _give_up
    enqueue_job("test.work", key="dead")
    work_until_idle()
    kinds.forget()
    assert sorted(Order.objects.values_list("po_number", "status")) == [("GOOD", "confirmed"), ("HELD", "held")]
    [command] = ErpCommand.objects.all()
    return Outside(
        erp=[{"reference": command.order_key, "number": command.erp_number}],
        sent=[("edi", "GOOD", InboundFile.objects.get(interchanges__state="accepted").sha256), ("portal", "HELD", "")],
        collected={file.name: bytes(file.content) for file in OutboundFile.objects.all()},
    )


def _give_up(_: object) -> None:
    raise GiveUp("it does not work")


def test_each_damage_is_found_and_a_portal_that_is_well_has_none(well: Outside) -> None:
    assert [str(row) for row in broken(well)] == []
    told = [(damage, _problems(well, damage)) for damage in DAMAGES]
    assert [f"{damage.sql}: {words}" for damage, words in told if damage.problem not in words] == []
    assert {damage.invariant for damage in DAMAGES} == {f"I{number}" for number in range(1, 9)}


def test_what_only_the_outside_shows_is_found(well: Outside) -> None:
    [held] = well.erp
    twice = replace(well, erp=[held, held])
    assert [str(row) for row in broken(twice)] == [f"I2 {held['reference']}: the ERP holds it 2 times"]
    lost = replace(well, sent=[*well.sent, ("api", "NEVER", ""), ("edi", "GONE", hashlib.sha256(b"x").hexdigest())])
    assert sorted((row.invariant[:2], row.subject) for row in broken(lost)) == [
        ("I1", "api NEVER"), ("I1", "edi GONE"), ("I6", "edi GONE"),
    ]  # fmt: skip
    name = next(name for name in well.collected if "997" in name)
    other = replace(well, collected={name: b"ISA*"})
    assert [str(row) for row in broken(other)] == [f"I3 file {name}: its receiver has bytes that we never made"]
    assert broken(other, only="I2") == []


def _problems(outside: Outside, damage: Damage) -> str:
    """What the checker says of that invariant while the damage is done; it is undone afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # No trigger, key or check of the database's own stands in the way of the damage.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
            cursor.execute("DROP INDEX edi_document_fact_once")
            cursor.execute("ALTER TABLE orders_erpcommand DROP CONSTRAINT orders_command_subject")
            cursor.execute(damage.sql)
        told = " | ".join(f"{row.subject}: {row.problem}" for row in broken(outside, only=damage.invariant))
        transaction.set_rollback(True)
    return told
