"""A cart that can be ordered."""

from __future__ import annotations

import pytest

from orders.models import Draft
from tests.conftest import Cast
from tests.orders.cart.filling import filled_cart
from tests.sandbox import SandboxProcess


@pytest.fixture
def filled(cast: Cast, synced: SandboxProcess) -> Draft:
    """Harbor's buyer has 24 of one item and 12 of another in the cart."""
    return filled_cart(cast)
