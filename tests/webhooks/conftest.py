"""A sink that listens, and endpoints that lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from distportal.accounts.models import Account
from distportal.webhooks.endpoints import make_endpoint
from distportal.webhooks.models import Endpoint
from tests.company.conftest import typed_in as typed_in
from tests.conftest import Cast
from tests.webhooks.sink import Sink

Make = Callable[..., tuple[Endpoint, str]]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real server on this machine, which is allowed for the test."""
    settings.WEBHOOK_LOOPBACK = True
    found = Sink()
    found.start()
    yield found
    found.stop()


@pytest.fixture
def make(cast: Cast, sink: Sink) -> Make:
    """`make()` is an endpoint of Harbor at the sink, with its secret; `make("/x", account=None)` one of the house."""

    def build(path: str = "/in", *, account: Any = "HARBOR", types: Any = ("remittance.recorded",)) -> Any:
        owner = Account.objects.get(code=account) if account else None
        return make_endpoint(by=None, account=owner, name=f"Till {path}", url=sink.url(path), event_types=types)

    return build
