"""The closed word lists of code mappings."""

from __future__ import annotations

from enum import nonmember

from django.db import models


class Kind(models.TextChoices):
    """What a code names."""

    ITEM = "item", "Item"
    UNIT = "unit", "Unit"
    WAREHOUSE = "warehouse", "Warehouse"
    CUSTOMER = "customer", "Customer"
    SHIP_TO = "ship_to", "Ship-to"
    TERMS = "terms", "Payment terms"
    CARRIER = "carrier", "Carrier"


class Side(models.TextChoices):
    """Whose code is known; the other one is missing."""

    THEIRS = "theirs", "Their code"
    OURS = "ours", "Our code"


class MissingState(models.TextChoices):
    OPEN = "open", "Not mapped"
    MAPPED = "mapped", "Mapped"
    IGNORED = "ignored", "Left unmapped"

    SETTLED = nonmember(("mapped", "ignored"))
