"""One invoice of two lines, and short ways to do with its disputes what finance does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest

from orders.choices import DisputeReason
from orders.models import ApprovalLimit, Dispute, Invoice
from orders.process.disputes import Claim, open_dispute
from tests.conftest import Cast
from tests.orders.money import an_invoice

Opens = Callable[..., Dispute]


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    """Two lines, 100.00 and 60.00."""
    return an_invoice(cast.harbor, "INV-1", "100.00", "60.00")


@pytest.fixture
def limit(db: None) -> ApprovalLimit:
    """Anybody in finance approves up to 50 alone."""
    return ApprovalLimit.objects.create(limit=Decimal(50))


@pytest.fixture
def opens(cast: Cast, invoice: Invoice) -> Opens:
    """`opens("30", "10")`: a dispute of the dealer over so much of each line."""

    def make(*amounts: str, reason: DisputeReason = DisputeReason.PRICE, **more: object) -> Dispute:
        lines = list(invoice.lines.order_by("position"))
        claims = [
            Claim(invoice_line_id=line.pk, quantity=Decimal(1), amount=Decimal(amount))
            for line, amount in zip(lines, amounts, strict=False)
            if Decimal(amount) > 0
        ]
        return open_dispute(
            token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=reason, claims=claims, note="",
            user=cast.buyer, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return make
