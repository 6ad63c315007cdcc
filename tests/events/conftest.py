"""Every test starts with handlers that succeed, and retries that are due at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.events import kinds


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> Iterator[None]:
    """Nothing is remembered from the test before."""
    settings.JOB_RETRY_MIN_SECONDS = 0.0
    kinds.forget()
    yield
    kinds.forget()
