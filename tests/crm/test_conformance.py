"""What every CRM adapter has to do, with a real server and its faults; and that the wire is what the contract says."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx
import pytest

from distportal.systems.crm.port import Activity, CrmPort
from distportal.systems.errors import AuthFailed, Conflict, Misconfigured, Rejected, Transient, UnknownOutcome
from distportal.systems.logistics import crm, save_logistics_connection
from distportal.systems.models import SystemCall
from distportal.systems.status import logistics_status
from tests.crm.conftest import CrmWorld
from tests.erp_peers.rest_contract import Contract

pytestmark = pytest.mark.django_db
PUT = {"method": "PUT", "path_regex": "^/crm/v1/activities/"}


def activity(**more: Any) -> Activity:
    given: dict[str, Any] = {
        "key": str(uuid.uuid4()), "kind": "order", "event": "order.accepted", "account": f"T-{uuid.uuid4().hex[:6]}",
        "subject": "SO-1", "seq": 1, "text": "Order SO-1 was accepted",
        "occurred_at": dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC), **more,
    }  # fmt: skip
    return Activity(**given)


@pytest.fixture
def port(world: CrmWorld) -> CrmPort:
    return world.connect()


def test_the_adapter_is_a_crm_port_and_answers(port: CrmPort) -> None:
    assert isinstance(port, CrmPort)
    assert port.health().version == "sandbox-crm 1.0"
    assert port.capabilities().key == "enforced"


def test_the_same_activity_twice_is_one(port: CrmPort, world: CrmWorld) -> None:
    told = activity(amount=Decimal("12.50"), currency="USD")
    assert port.find_activity(told.key) == []
    first, again = port.put_activity(told), port.put_activity(told)
    assert first == again
    assert port.find_activity(told.key) == [first]
    [seen] = world.timeline(told.account)
    assert (seen["key"], seen["text"], seen["amount"]) == (told.key, told.text, "12.5")


def test_other_content_under_a_key_is_a_conflict_and_changes_nothing(port: CrmPort, world: CrmWorld) -> None:
    told = activity()
    port.put_activity(told)
    with pytest.raises(Conflict) as caught:
        port.put_activity(replace(told, text="something else"))
    assert caught.value.code == "crm.content_differs"
    assert [row["text"] for row in world.timeline(told.account)] == [told.text]


@pytest.mark.parametrize("fault", ["commit_then_drop", "commit_then_500", "truncated_json"])
def test_a_lost_answer_is_unknown_and_the_repeat_is_one(port: CrmPort, world: CrmWorld, fault: str) -> None:
    told = activity()
    world.sandbox.faults({"kind": fault, "count": 1, "match": PUT})
    with pytest.raises(UnknownOutcome):
        port.put_activity(told)
    port.put_activity(told)
    assert len(world.timeline(told.account)) == 1
    assert world.puts(told.key) == 2


def test_asked_to_wait_nothing_was_written(port: CrmPort, world: CrmWorld) -> None:
    told = activity()
    world.sandbox.faults({"kind": "429", "count": 1, "seconds": 7, "match": PUT})
    with pytest.raises(Transient) as caught:
        port.put_activity(told)
    assert (caught.value.code, caught.value.retry_after) == ("crm.busy", 7.0)
    assert world.timeline(told.account) == []


def test_a_plain_no_is_told_with_its_reason(port: CrmPort) -> None:
    with pytest.raises(Rejected, match="there is no account NOBODY") as caught:
        port.put_activity(activity(account="NOBODY"))
    assert caught.value.code == "crm.account_unknown"


def test_a_wrong_token_stops_the_connection(world: CrmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_CRM_TOKEN", "wrong")
    with pytest.raises(AuthFailed):
        world.connect("other").health()


def test_nobody_is_there(world: CrmWorld) -> None:
    with pytest.raises(Transient) as caught:
        world.connect("gone", url="http://127.0.0.1:9/crm").put_activity(activity())
    assert caught.value.code == "crm.unreachable"


def test_a_connection_is_kept_strictly_and_shown_with_its_health(world: CrmWorld) -> None:
    port = world.connect()
    port.health()
    [row] = logistics_status()
    assert (row.title, row.word, row.adapter) == ("CRM Sales CRM", "active", "crm_rest")
    assert SystemCall.objects.filter(system="crm-sales", call="health", outcome="ok").count() == 1
    settings = {"url": "http://crm.example.com"}
    with pytest.raises(Misconfigured, match="https"):
        save_logistics_connection(name="x", title="X", kind="crm_rest", settings=settings,
                                  secrets={"token": "env:TEST_CRM_TOKEN"}, serves={})  # fmt: skip
    with pytest.raises(Misconfigured):
        crm("x")


def test_the_published_contract_holds(port: CrmPort, monkeypatch: pytest.MonkeyPatch) -> None:
    contract, request, seen = Contract("crm-rest.openapi.yaml"), httpx.Client.request, []

    def watched(self: httpx.Client, method: str, url: str, **kwargs: Any) -> httpx.Response:
        contract.check_request(method, f"/v1{url}", json.loads(json.dumps(kwargs.get("json"))))
        reply = request(self, method, url, **kwargs)
        contract.check_reply(method, f"/v1{url}", reply.status_code, reply.json())
        seen.append(f"{method} {url.split('/')[1]} {reply.status_code}")
        return reply

    monkeypatch.setattr(httpx.Client, "request", watched)
    told = activity(amount=Decimal(-3), currency="USD")
    port.health()
    port.put_activity(told)
    port.find_activity(told.key)
    with pytest.raises(Conflict):
        port.put_activity(replace(told, seq=2))
    assert seen == ["GET health 200", "PUT activities 200", "GET activities 200", "PUT activities 409"]
