"""An order of Harbor to talk about."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from distportal.threads.subjects import Subject, subject_of
from orders.models import Order
from tests.conftest import Cast


@pytest.fixture
def order(cast: Cast) -> Order:
    """Placed by the buyer; what is in it does not matter here."""
    return Order.objects.create(
        number=100_400, account=cast.harbor, channel="portal", po_number="PO-1", po_norm="PO1",
        ordered_on=timezone.localdate(), canonical={}, content_hash="h", placed_by=cast.buyer,
        correlation_id=uuid.uuid4(),
    )  # fmt: skip


@pytest.fixture
def subject(order: Order) -> Subject:
    """The order as threads name it."""
    found = subject_of(order)
    assert found is not None
    return found
