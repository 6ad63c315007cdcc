"""The closed word lists of notifications."""

from __future__ import annotations

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How a person wants one event by mail."""

    INSTANT = "instant", _("At once")
    DIGEST = "digest", _("In the daily digest")
    OFF = "off", _("Off")


class Plan(models.TextChoices):
    """What of a notice goes out by mail: nothing, at once, when the quiet hours end, or with the next digest."""

    NONE = "none", "Not by mail"
    INSTANT = "instant", "At once"
    QUIET = "quiet", "When the quiet hours end"
    DIGEST = "digest", "With the next digest"


class MailState(models.TextChoices):
    PENDING = "pending", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Refused"
    DISCARDED = "discarded", "Left undone"

    OPEN = nonmember(("pending", "sending"))
