"""The closed word lists of webhooks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EndpointState(models.TextChoices):
    ACTIVE = "active", _("On")
    DISABLED = "disabled", _("Off")


class OffReason(models.TextChoices):
    """Why an endpoint is off."""

    BY_HAND = "by_hand", _("Switched off by a person")
    GONE = "gone", _("It answered 410 Gone")
    FAILING = "failing", _("It failed for days")


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    GAVE_UP = "gave_up", _("Given up")


class Scheme(models.TextChoices):
    """How a sender signs."""

    STANDARD = "standard", "Standard Webhooks"
    HMAC = "hmac", "HMAC-SHA256 in a header"


class ReceivedState(models.TextChoices):
    RECEIVED = "received", "Stored"
    USED = "used", "Used"
    FAILED = "failed", "Cannot be used"
