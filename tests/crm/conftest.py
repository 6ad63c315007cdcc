"""The sandbox's CRM as the portal is connected to it."""

from __future__ import annotations

from typing import Any

import pytest

from distportal.systems.crm.port import CrmPort
from distportal.systems.logistics import crm, save_logistics_connection
from tests.api.conftest import caller  # noqa: F401  callers with keys
from tests.sandbox import SandboxProcess


class CrmWorld:
    """A CRM with its own people."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.sandbox = sandbox

    def connect(self, name: str = "sales", **settings: Any) -> CrmPort:
        """The stored connection's guarded port."""
        save_logistics_connection(
            name=name, title="Sales CRM", kind="crm_rest", serves={}, secrets={"token": "env:TEST_CRM_TOKEN"},
            settings={"url": f"{self.sandbox.url}/crm", "settle_seconds": 0.2, "write_timeout": 2.0, **settings},
        )  # fmt: skip
        return crm(name)

    def timeline(self, account: str = "HARBOR") -> list[dict[str, Any]]:
        """What its salespeople see of an account."""
        return list(self.sandbox.get(f"/crm/staff/accounts/{account}")["activities"])

    def puts(self, key: str) -> int:
        """How often an activity was sent, as the CRM's own ledger says."""
        return sum(row["method"] == "PUT" for row in self.sandbox.ledger(key))


@pytest.fixture
def world(portal_erp: SandboxProcess, monkeypatch: pytest.MonkeyPatch, db: None) -> CrmWorld:
    monkeypatch.setenv("TEST_CRM_TOKEN", portal_erp.token)
    portal_erp.forget_activities()
    return CrmWorld(portal_erp)
