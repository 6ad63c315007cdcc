"""A partner's mailbox for tests outside EDI, after the ERP was read on a day that has passed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edi.seeds import seed_partner
from inventory.models import FeedCursor
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess


@pytest.fixture
def crestline(synced: SandboxProcess, tmp_path: Path, settings: Any) -> Post:
    """Crestline, 004010, with folders of the test's own."""
    settings.EDI_ROOT, settings.EDI_SPOOL = tmp_path / "edi", tmp_path / "spool"
    FeedCursor.objects.update(read_at="2026-11-25T00:00:00Z")
    return Post(seed_partner(code="CRESTLINE"))
