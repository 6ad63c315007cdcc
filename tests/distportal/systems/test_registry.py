"""The registry gives a guarded adapter by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from distportal.systems.erp.guarded import GuardedErp
from distportal.systems.erp.port import ErpPort
from distportal.systems.errors import Misconfigured
from distportal.systems.models import SystemCall
from distportal.systems.registry import erp, forget_connections
from tests.sandbox import SandboxProcess


@pytest.fixture
def connection(sandbox_erp: SandboxProcess) -> Iterator[None]:
    """Settings that name the running sandbox ERP."""
    options = {"adapter": "sandbox", "url": sandbox_erp.url,
               "token": sandbox_erp.token, "rate_per_minute": 6000, "concurrency": 2}  # fmt: skip
    with override_settings(ERP_ADAPTERS={"default": options}):
        forget_connections()
        yield
    forget_connections()


@pytest.mark.django_db
@pytest.mark.usefixtures("connection")
def test_a_call_through_the_registry_is_guarded_and_noted() -> None:
    port = erp()
    assert isinstance(port, GuardedErp)
    assert isinstance(port, ErpPort)
    assert erp() is port
    assert len(next(iter(port.snapshot("customer", {"account": "HARBOR"})))) == 1
    assert port.health().ok
    calls = SystemCall.objects.filter(system="erp-default").values_list("call", "outcome")
    assert sorted(set(calls)) == [("health", "ok"), ("snapshot", "ok")]


@pytest.mark.django_db
@pytest.mark.usefixtures("connection")
def test_an_unknown_connection_is_misconfigured() -> None:
    with pytest.raises(Misconfigured):
        erp("nowhere")
