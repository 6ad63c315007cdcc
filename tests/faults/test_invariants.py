"""The checker is silent about a portal that is well, and finds each way in which an invariant can break."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from distportal.accounts.models import Account
from distportal.events.errors import GiveUp
from distportal.events.jobs import enqueue_job
from distportal.events.models import OutboxEvent
from distportal.events.sweeper import work_until_idle
from distportal.webhooks.models import Delivery, Endpoint
from edi.models import InboundFile, OutboundFile
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from tests.edi.conftest import Post
from tests.events import kinds
from tests.events.test_outbox import happen
from tests.faults import seeded_outside
from tests.faults.checker import Arrival, Message, Outside, broken
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
    _what_partners_and_receivers_of_webhooks_had(replace(well, **watching()))


def _what_partners_and_receivers_of_webhooks_had(watched: Outside) -> None:
    assert [str(row) for row in broken(watched)] == []
    again = replace(watched, arrivals=[*watched.arrivals, watched.arrivals[0]], messages=watched.messages * 2)
    assert [str(row) for row in broken(again)] == [], "what comes twice with the same bytes is all right"
    for damage in seeded_outside.DAMAGES:
        assert damage.problem in _words(damage.done(watched), damage.invariant), damage
    for invariant, problem, sql in seeded_outside.IN_THE_DATABASE:
        assert problem in _problems(watched, Damage(invariant, problem, sql)), sql


def watching() -> dict[str, Any]:
    """Crestline had each file, and a webhook of Crestline was told of each order that was accepted."""
    account = Account.objects.get(code="CRESTLINE")
    hook = Endpoint.objects.create(
        account=account, name="Told", url="https://told.example", event_types=["order.accepted"]
    )
    Endpoint.objects.update(created_at="2026-01-01T00:00:00Z")
    messages = []
    for event in OutboxEvent.objects.filter(type="order.accepted", payload__account="CRESTLINE"):
        fresh = {"event_type": event.type, "correlation_id": event.correlation_id, "occurred_at": event.occurred_at}
        row = Delivery.objects.create(
            endpoint=hook, event_id=event.pk, body=f'{{"seq":{event.seq}}}', state="delivered", **fresh
        )
        messages.append(
            Message(
                endpoint=str(hook.pk),
                event_id=str(event.pk),
                body=row.body.encode(),
                signed=True,
                subject="SO-1",
                sequence=event.seq,
            )
        )
    arrivals = [
        Arrival(partner="CRESTLINE", name=file.name, number=f"{file.sequence:09d}", sha256=file.sha256)
        for file in OutboundFile.objects.order_by("sequence")
    ]
    assert (len(messages), len(arrivals)) == (1, 3)
    return {"arrivals": arrivals, "messages": messages, "watched": ["CRESTLINE", str(hook.pk)]}


def _words(outside: Outside, invariant: str) -> str:
    return " | ".join(f"{row.subject}: {row.problem}" for row in broken(outside, only=invariant))


def _problems(outside: Outside, damage: Damage) -> str:
    """What the checker says of that invariant while the damage is done; it is undone afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # No trigger, key or check of the database's own stands in the way of the damage.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
            cursor.execute("DROP INDEX edi_document_fact_once")
            cursor.execute("ALTER TABLE orders_erpcommand DROP CONSTRAINT orders_command_subject")
            cursor.execute(damage.sql)
        told = _words(outside, damage.invariant)
        transaction.set_rollback(True)
    return told
