"""The closed word lists of inventory."""

from __future__ import annotations

from django.db import models


class ItemStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    BLOCKED = "blocked", "Blocked"
    DISCONTINUED = "discontinued", "Discontinued"


class SubstituteReason(models.TextChoices):
    """Why another item may stand for one; a better one is only ever offered."""

    REPLACED_BY = "replaced_by", "Replaced by"
    EQUIVALENT = "equivalent", "Equivalent"
    UP_SELL = "up_sell", "Better one"


class ReservationState(models.TextChoices):
    """HELD counts against availability; SEEN no longer does, because the ERP's own figure now includes it."""

    HELD = "held", "Held"
    SEEN = "seen", "Included in the ERP's figure"
    RELEASED = "released", "Released"


class ShipMethod(models.TextChoices):
    """How goods travel, as far as it matters for what may travel so."""

    AIR = "air", "Air"
    OCEAN = "ocean", "Ocean"
    PARCEL = "parcel", "Parcel"
    GROUND = "ground", "Ground"
    RAIL = "rail", "Rail"
