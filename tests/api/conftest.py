"""Clients with keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account, ApiKey
from tests.conftest import Cast

ALL_SCOPES = (Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.CATALOGUE_READ)


class Caller:
    """Sends JSON with a key."""

    def __init__(self, secret: str) -> None:
        self._http = Client(headers={"Authorization": f"Api-Key {secret}"}, raise_request_exception=True)

    def get(self, path: str, *, known: str = "", **params: Any) -> Any:
        told = {"If-None-Match": known} if known else {}
        return self._http.get(f"/api/v1/{path}", params, headers=told)

    def post(self, path: str, body: Any, *, key: str = "", etag: str = "", size: int = 0) -> Any:
        said: dict[str, Any] = {"CONTENT_LENGTH": size} if size else {}
        headers = {"Idempotency-Key": key, "If-Match": etag}
        told = {name: value for name, value in headers.items() if value}
        return self._http.post(f"/api/v1/{path}", body, content_type="application/json", headers=told, **said)

    def place(self, body: Any, *, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self._http.post("/api/v1/orders", body, content_type="application/json", headers=headers)


@pytest.fixture
def caller(cast: Cast) -> Callable[..., Caller]:
    """`caller()` is a CRM that acts for all accounts, `caller("HARBOR")` a system of that account."""

    def make(account: str = "", *, scopes: tuple[str, ...] = ALL_SCOPES, channel: str = "crm") -> Caller:
        owner = Account.objects.get(code=account) if account else None
        _, secret = ApiKey.objects.create_key(
            name=account or "CRM", account=owner, channel=channel, scopes=list(scopes)
        )
        return Caller(secret)

    return make


def order_body(po: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A body for POST /orders of Harbor."""
    wanted = list(lines) or [{"sku": "FST-10001", "quantity": "10"}]
    return {"account": "HARBOR", "po_number": po, "ship_to": "HARBOR-01", "lines": wanted, **more}
