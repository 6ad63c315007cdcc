"""What somebody may ask or send besides what is meant: nothing of it opens, changes or breaks anything."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse
from drf_spectacular.generators import SchemaGenerator

from orders.models import Order
from tests.api.conftest import Caller, caller, order_body  # noqa: F401  callers with keys
from tests.architecture.routes import DEALER_ROUTES, entry, routes
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

ROOT = Path(__file__).resolve().parents[2]
APPS = ("distportal", "exceptions", "inventory", "orders", "edi")
CODE = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
HOSTILE = ("'\";--", "-1", "9" * 40, "2026-99-99", "\u202e\ud7ff%00", "../../etc/passwd", "1e999", "[]")
OPEN_TO_ALL = {"/api/v1/schema"}
METHODS = ("get", "post", "put", "patch", "delete")


READ = re.compile(r'GET(?:\.getlist|\.get)?[(\[]"(\w+)"')
"""How a page reads a name from its address."""


def asked() -> dict[str, str]:
    """Every name that a page reads from its address, each with something that is none of its values."""
    names = sorted({name for path in CODE for name in READ.findall(path.read_text())})
    assert len(names) > 30
    return {name: HOSTILE[at % len(HOSTILE)] for at, name in enumerate(names)}


def lists(*, dealer: bool, reads: str = ".GET") -> list[str]:
    """The addresses that name nothing and whose code reads what is asked: lists, searches, overviews."""
    found = []
    for name in routes():
        if (name in DEALER_ROUTES) != dealer or entry(name) is None:
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if reads in Path(str(sys.modules[resolve(address).func.__module__].__file__)).read_text():
            found.append(address)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("dealer", [True, False])
def test_no_question_in_an_address_breaks_a_page(cast: Cast, dealer: bool) -> None:
    client = signed_in(cast.colleague if dealer else cast.agent)
    client.raise_request_exception = False
    answers = {address: client.get(address, asked()).status_code for address in lists(dealer=dealer)}
    assert len([one for one in answers.values() if one == 200]) > (15 if dealer else 10)
    assert {address: status for address, status in answers.items() if status >= 500} == {}


@pytest.mark.django_db
def test_no_place_that_was_made_up_breaks_a_list(cast: Cast) -> None:
    client = signed_in(cast.colleague)
    addresses = lists(dealer=True, reads="cursor_page(")
    assert len(addresses) > 3
    made_up = ("n:2026-99-99~x", "o:x", f"n:{'9' * 40}", f"o:2026-01-01~{'9' * 40}", "n:2026-01-01~\u202e", "n:'\";--")
    answers = {
        (address, one): client.get(address, {"cursor": one}).status_code for address in addresses for one in made_up
    }
    assert {asked: status for asked, status in answers.items() if status >= 500} == {}


@pytest.mark.django_db
def test_every_call_of_the_api_asks_for_a_key() -> None:
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    client, answers = Client(), {}
    for path, said in schema["paths"].items():
        address = re.sub(r"\{\w+\}", "00000000-0000-4000-8000-000000000000", path)
        for method in set(METHODS) & said.keys():
            answers[f"{method} {path}"] = client.generic(method.upper(), address).status_code
    assert len(answers) > 40
    assert {call: status for call, status in answers.items() if status != 401} == {}


@pytest.mark.django_db
def test_what_is_not_the_callers_to_say_changes_nothing(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:  # noqa: F811
    harbor = caller("HARBOR", channel="dealer")
    plain = harbor.place(order_body("OWN-1"), key="doors-key-1").json()
    forged = {
        "status": "closed", "number": "1", "erp_number": "E-1", "channel": "edi", "total": "0.01", "currency": "EUR",
        "account_id": 1, "created_at": "2001-01-01", "correlation_id": "00000000-0000-4000-8000-000000000000",
        "placed_by": "boss@example.com", "credit_checked": True,
    }  # fmt: skip
    line = {"sku": "FST-10001", "quantity": "10", "amount": "0.01", "status": "shipped", "promised_on": "2001-01-01"}
    answer = harbor.place(order_body("OWN-2", line, **forged), key="doors-key-2")
    assert answer.status_code == 201
    told = answer.json()
    own = {"number", "po_number", "correlation_id", "accepted_at", "placed_at"}
    assert {k: v for k, v in told.items() if k not in own and k != "lines"} == {
        k: v for k, v in plain.items() if k not in own and k != "lines"
    }
    assert [one["amount"] for one in told["lines"]] == [one["amount"] for one in plain["lines"]]
    first, second = Order.objects.order_by("po_number")
    assert (second.status, second.channel, second.account_id) == (first.status, first.channel, first.account_id)
    assert second.created_at > first.created_at
    assert str(second.correlation_id) != forged["correlation_id"]


def test_no_form_and_no_serializer_takes_whatever_a_model_has() -> None:
    loose = [path for path in CODE if re.search(r'(fields\s*=\s*"__all__"|AllowAny\b(?!"\]))', path.read_text())]
    assert [str(path.relative_to(ROOT)) for path in loose] == []


def test_no_secret_lies_in_the_project() -> None:
    shapes = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|xox[bap]-\d{10}"
    )
    kinds = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".html", ".js", ".sql", ".service", ".edi", ".pem"}
    places = [ROOT / name for name in (*APPS, "templates", "deploy", "docs", "tests", ".ci")]
    found = (path for place in places for path in place.rglob("*") if path.suffix in kinds)
    files = [path for path in found if "node_modules" not in path.parts]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    assert len(files) > 1500
    assert [str(path.relative_to(ROOT)) for path in files if shapes.search(path.read_text("utf-8", "replace"))] == []
