"""The sandbox ERP and an adapter that speaks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from distportal.systems.erp.sandbox_rest import SandboxErp
from tests.sandbox import SandboxProcess


@pytest.fixture(scope="session")
def erp_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """One process for all tests of the folder."""
    process = SandboxProcess(tmp_path_factory.mktemp("erp"))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def sandbox_erp(erp_process: SandboxProcess) -> Iterator[SandboxProcess]:
    """The process without faults, before and after."""
    erp_process.faults()
    yield erp_process
    erp_process.faults()
    erp_process.configure(
        unique_reference=False, auto_ship_after=0, auto_invoice_after=0, auto_credit_after=0, early=""
    )


@pytest.fixture
def erp(sandbox_erp: SandboxProcess) -> SandboxErp:
    """An adapter with a short write timeout."""
    return SandboxErp(url=sandbox_erp.url, token=sandbox_erp.token, write_timeout=0.8, settle_seconds=3)
