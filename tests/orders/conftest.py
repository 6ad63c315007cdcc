"""A portal whose items, stock and prices came from the sandbox ERP."""

from __future__ import annotations

import pytest

from inventory.process.sync import sync_feed
from tests.conftest import Cast
from tests.sandbox import SandboxProcess


@pytest.fixture
def synced(cast: Cast, portal_erp: SandboxProcess) -> SandboxProcess:
    """The ERP, after a full read of its master data."""
    for kind in ("item", "stock", "price", "customer"):
        sync_feed(kind=kind)
    return portal_erp
