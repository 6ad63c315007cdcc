"""The document of the API: committed, kept compatible, shown as a page, and true for every key."""

from __future__ import annotations

import copy
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account, ApiKey, ApiPolicy
from distportal.events.sweeper import work_until_idle
from distportal.web.api.compatibility import breaking_changes
from distportal.web.api.document import as_yaml, current_document
from distportal.webhooks.models import Received
from distportal.webhooks.seeds import seed_webhooks
from orders.models import Dispute, Order, Remittance
from tests.api.conftest import Caller, order_body
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice
from tests.sandbox import SandboxProcess
from tests.threads.saying import a_picture


def plain() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(as_yaml(current_document()))
    return read


def test_the_committed_document_is_what_the_code_does() -> None:
    call_command("api_schema", "--check")


def test_what_breaks_a_client_is_found_and_what_is_added_is_not() -> None:
    old, new = plain(), plain()
    assert breaking_changes(old, new) == []
    del new["paths"]["/api/v1/returns"]
    parts = new["components"]["schemas"]
    del parts["OrderSummary"]["properties"]["po_number"]
    parts["OrderRequest"]["required"].append("notes")
    parts["OrderStatusEnum"]["enum"].remove("held")
    parts["ShipmentSummary"]["properties"]["cartons"]["type"] = "string"
    new["paths"]["/api/v1/prices"]["get"]["parameters"].append({"in": "query", "name": "day", "required": True})
    found = breaking_changes(old, new)
    for told in (
        "GET /api/v1/returns: gone",
        "GET /api/v1/orders 200.results[].po_number: gone",
        "POST /api/v1/orders request.notes: is needed now",
        "GET /api/v1/orders 200.results[].status: value held gone",
        "GET /api/v1/shipments 200.results[].cartons: integer became string",
        "GET /api/v1/prices: parameter day is needed now",
    ):
        assert told in found
    more = copy.deepcopy(old)
    more["components"]["schemas"]["OrderRequest"]["properties"]["po_number"]["maxLength"] += 1
    more["components"]["schemas"]["OrderSummary"]["required"].append("news")
    more["paths"]["/api/v1/news"] = old["paths"]["/api/v1/orders"]
    more["components"]["schemas"]["OrderSummary"]["properties"]["news"] = {"type": "string"}
    more["components"]["schemas"]["OrderStatusEnum"]["enum"].append("news")
    assert breaking_changes(old, more) == []


def test_a_break_is_written_only_once_it_is_announced(tmp_path: Path) -> None:
    old = plain()
    old["paths"]["/api/v1/telex"] = {"get": {"responses": {"200": {}}}}
    committed = tmp_path / "api-v1.openapi.yaml"
    committed.write_text(yaml.safe_dump(old))
    for more in ((), ("--check",)):
        with pytest.raises(CommandError, match="GET /api/v1/telex: gone"):
            call_command("api_schema", *more, f"--folder={tmp_path}")
    assert "telex" in committed.read_text()
    (tmp_path / "api-changes.md").write_text("- `GET /api/v1/telex: gone` on 2027-06-01")
    call_command("api_schema", f"--folder={tmp_path}")
    assert committed.read_text() == as_yaml(current_document())


def test_an_input_that_may_hold_less_and_an_answer_that_may_hold_nothing_break_a_client() -> None:
    old, new = plain(), plain()
    parts = new["components"]["schemas"]
    parts["OrderRequest"]["properties"]["po_number"]["maxLength"] -= 1
    parts["OrderRequest"]["properties"]["notes"]["pattern"] = "^[a-z]*$"
    parts["OrderSummary"]["properties"]["po_number"]["nullable"] = True
    parts["OrderSummary"]["required"].remove("number")
    orders = new["paths"]["/api/v1/orders"]["get"]
    next(one for one in orders["parameters"] if one["name"] == "po_number")["schema"]["maxLength"] = 3
    next(way for way in orders["security"] if "OAuth" in way)["OAuth"] = ["invoices:read"]
    found = breaking_changes(old, new)
    least = parts["OrderRequest"]["properties"]["po_number"]["maxLength"]
    for told in (
        f"POST /api/v1/orders request.po_number: maxLength is {least} now",
        "POST /api/v1/orders request.notes: pattern is ^[a-z]*$ now",
        "GET /api/v1/orders 200.results[].po_number: may be null now",
        "GET /api/v1/orders 200.results[].number: may be missing now",
        "GET /api/v1/orders: parameter po_number: maxLength is 3 now",
        "GET /api/v1/orders: needs the scope invoices:read now",
    ):
        assert told in found


@pytest.mark.django_db
def test_the_page_shows_every_call_to_who_is_signed_in(cast: Cast) -> None:
    page = signed_in(cast.buyer).get("/api/reference/")
    text = page.content.decode()
    assert page.status_code == 200
    assert all(path in text for path in plain()["paths"])
    assert "<script src" not in text.replace('<script src="/static/', "")
    assert Client().get("/api/reference/").status_code == 302


@pytest.mark.django_db
def test_every_documented_call_answers_as_documented_for_each_kind_of_key(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    number = caller("HARBOR").place(order_body("API-1"), key="sweep-0001").json()["number"]
    values = {"number": number, "sku": "FST-10001", "account": "HARBOR"}
    often = ApiPolicy.objects.create(name="Sweep", burst=100_000)
    wrong = []
    for owner in ("HARBOR", "SUMMIT", ""):
        account = Account.objects.get(code=owner) if owner else None
        _, secret = ApiKey.objects.create_key(name=owner or "CRM", account=account, scopes=list(Scope), policy=often)
        http = Client(headers={"Authorization": f"Api-Key {secret}"}, raise_request_exception=False)
        for path, methods in plain()["paths"].items():
            for method in methods:
                if method == "parameters":
                    continue
                for one in (path, f"{path}?cursor=x&limit=-1&account=%27&sku=a&placed_since=soon&status=no"):
                    address = one
                    for name in ("number", "sku", "account"):
                        address = address.replace("{" + name + "}", values[name])
                    address = address.replace("{file_id}", str(uuid.uuid4())).replace("{proof_id}", str(uuid.uuid4()))
                    ask = getattr(http, method)
                    told = {"content_type": "application/json"} if method == "post" else {}
                    for body in ({}, [], {"lines": [{"quantity": "NaN"}], "account": {"a": 1}}) if told else ({},):
                        answer = ask(address, body, **told) if told else ask(address)
                        if answer.status_code >= 500:
                            wrong.append(f"{owner} {method} {address}: {answer.status_code}")
                        if owner == "SUMMIT" and "{number}" in path and answer.status_code not in (404, 400, 428):
                            wrong.append(f"a stranger got {answer.status_code} of {method} {address}")
    assert wrong == []
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_example_runs_as_it_stands(synced: SandboxProcess, cast: Cast, live_server: Any) -> None:
    _, secret = ApiKey.objects.create_key(
        name="Example", account=cast.harbor, scopes=[Scope.ORDERS_READ, Scope.ORDERS_WRITE]
    )
    script = settings.BASE_DIR / "docs" / "examples" / "order_by_api.py"
    told = [live_server.url, secret, "EXAMPLE-1", "HARBOR-01", "FST-10001", "10"]
    done = subprocess.run([sys.executable, script, *told], capture_output=True, text=True, timeout=60, check=False)
    order = Order.objects.get()
    assert done.stdout.splitlines() == [
        f"201 {order} accepted 9.60",
        f"201 {order} replayed true",
        "201 change applied",
        "201 cancellation applied",
    ], done.stderr
    assert order.status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_the_examples_of_claims_and_events_run_as_they_stand(cast: Cast, live_server: Any, tmp_path: Path) -> None:
    today = timezone.localdate()
    for number in ("EXAMPLE-1", "EXAMPLE-2"):
        an_invoice(cast.harbor, number, "10.00", issued_on=today, due_on=today)
    scopes = [Scope.INVOICES_READ, Scope.DISPUTES_WRITE]
    _, secret = ApiKey.objects.create_key(name="Example", account=cast.harbor, scopes=scopes)
    photo = tmp_path / "box.png"
    photo.write_bytes(a_picture().read())

    def run(name: str, *told: str) -> list[str]:
        script = settings.BASE_DIR / "docs" / "examples" / name
        done = subprocess.run(
            [sys.executable, script, live_server.url, *told], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    claimed = run("dispute_by_api.py", secret, "EXAMPLE-1", "1", str(photo))
    assert claimed == ["box.png image/png", f"{Dispute.objects.get()} submitted 10.00 1: box.png"]
    with override_settings(WEBHOOK_LOOPBACK=True):
        seed_webhooks(receiver_url="http://127.0.0.1:9")
    assert run("post_event.py", "paid", "HARBOR", "EXAMPLE-2", "10.00") == ["202 stored", "202 known"]
    assert run("post_event.py", "delivered", "UPSN", "1Z1") == ["202 stored", "202 known"]
    work_until_idle()
    assert [str(row.amount) for row in Remittance.objects.all()] == ["10.00"]
    assert Received.objects.filter(state="used").count() == 1, "no carrier is connected here, so that one is a case"


@pytest.mark.django_db
@pytest.mark.parametrize("scopes", [[Scope.DISPUTES_WRITE], [Scope.ORDERS_READ]])
def test_a_method_that_nothing_answers_is_405_whatever_the_key_may_do(cast: Cast, scopes: list[str]) -> None:
    _, secret = ApiKey.objects.create_key(name="Till", account=cast.harbor, channel="api", scopes=scopes)
    answer = Client().get("/api/v1/files", headers={"Authorization": f"Api-Key {secret}"})
    assert (answer.status_code, answer.json()["code"], answer["Allow"]) == (405, "method_not_allowed", "POST, OPTIONS")
    stranger = Client().get("/api/v1/files")
    assert stranger.status_code == 401
