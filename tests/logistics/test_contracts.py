"""What goes over the wire is what the published contracts say, in both directions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from distportal.canonical.base import from_json
from distportal.canonical.warehouse import WarehouseOrder
from distportal.systems.errors import Conflict
from distportal.systems.logistics import tms
from distportal.systems.wms.port import Instruction
from orders.models import Order, WarehouseRelease
from orders.process.releasing import plan_releases
from tests.erp_peers.rest_contract import Contract, ContractError
from tests.logistics.carriers import Carrier, picture, proof
from tests.logistics.conftest import release_of
from tests.logistics.worlds import RestWorld

pytestmark = pytest.mark.django_db


def judged(monkeypatch: pytest.MonkeyPatch, contract: Contract) -> list[str]:
    """Every call from now on is judged; the list of what was called grows."""
    seen: list[str] = []
    request = httpx.Client.request

    def watched(self: httpx.Client, method: str, url: str, **kwargs: Any) -> httpx.Response:
        contract.check_request(method, f"/v1{url}", json.loads(json.dumps(kwargs.get("json"))))
        reply = request(self, method, url, **kwargs)
        contract.check_reply(method, f"/v1{url}", reply.status_code, reply.json())
        seen.append(f"{method} {url.split('/')[1]} {reply.status_code}")
        return reply

    monkeypatch.setattr(httpx.Client, "request", watched)
    return seen


def test_the_warehouse_contract_holds(
    floor: RestWorld, place: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place()
    row = release_of(order)
    seen = judged(monkeypatch, Contract("wms-rest.openapi.yaml"))
    port = floor.port()
    port.health()
    port.find_release(row.reference)
    order.lines.update(status="cancelled")
    [end] = plan_releases(order_id=order.pk)
    monkeypatch.undo()
    for step in ("pick", "ship"):
        floor.staff(row.reference, step)
    seen += judged(monkeypatch, Contract("wms-rest.openapi.yaml"))
    with pytest.raises(Conflict):
        port.cancel(_instruction(end))
    page = port.events(None, 5)
    assert len(page.events) > 1
    assert seen[:2] == ["GET health 200", "GET releases 200"]


def _instruction(row: WarehouseRelease) -> Instruction:
    order = from_json(WarehouseOrder, row.canonical)
    return Instruction(reference=row.reference, sequence=row.sequence, content_hash=row.content_hash, order=order)


def test_the_carrier_contract_holds(roady: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = Contract("tms-rest.openapi.yaml")
    for event in (roady.event(), roady.event("D1", "delivered", proof=proof(picture()))):
        roady.tell(event)
        contract.check({"$ref": "#/components/schemas/Event"}, event, "a post")
    seen = judged(monkeypatch, contract)
    port = tms(roady.name)
    port.health()
    assert len(port.events(None, 5).events) > 1
    assert seen == ["GET health 200", "GET events 200"]
    for bad in ({"event_id": "1"}, roady.event() | {"status": {"code": "AF"}}, {**roady.event(), "event_id": ""}):
        with pytest.raises(ContractError):
            contract.check({"$ref": "#/components/schemas/Event"}, bad, "a post")


def test_the_judge_sees_what_does_not_fit() -> None:
    contract = Contract("wms-rest.openapi.yaml")
    with pytest.raises(ContractError):
        contract.check_request("PUT", "/v1/releases/SO-1-RENO", {"sequence": 0, "content_hash": "x", "order": {}})
    with pytest.raises(ContractError):
        contract.check_reply(
            "GET", "/v1/events", 200, {"events": [{"event_id": ""}], "next_cursor": "1", "more": False}
        )
