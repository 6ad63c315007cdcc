"""The closed word lists of inventory."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")
    DISCONTINUED = "discontinued", _("Discontinued")


class SubstituteReason(models.TextChoices):
    """Why another item may stand for one; a better one is only ever offered."""

    REPLACED_BY = "replaced_by", _("Replaced by")
    EQUIVALENT = "equivalent", _("Equivalent")
    UP_SELL = "up_sell", _("Better one")


class ReservationState(models.TextChoices):
    """HELD counts against availability; SEEN no longer does, because the ERP's own figure now includes it."""

    HELD = "held", "Held"
    SEEN = "seen", "Included in the ERP's figure"
    RELEASED = "released", "Released"


class ShipMethod(models.TextChoices):
    """How goods travel, as far as it matters for what may travel so."""

    AIR = "air", _("Air")
    OCEAN = "ocean", _("Ocean")
    PARCEL = "parcel", _("Parcel")
    GROUND = "ground", _("Ground")
    RAIL = "rail", _("Rail")


class DocumentKind(models.TextChoices):
    """What a document of an item is, in the order in which a page lists them."""

    SPECIFICATION = "specification", _("Specification")
    SAFETY_DATA_SHEET = "safety_sheet", _("Safety data sheet")
    CERTIFICATE = "certificate", _("Certificate")
    DRAWING = "drawing", _("Drawing")
    MANUAL = "manual", _("Manual")
    PICTURE = "picture", _("Picture")


class DocumentLanguage(models.TextChoices):
    """What a document is written in, named as those name it who read it; empty for what has no words."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Español"
    FRENCH = "fr", "Français"
