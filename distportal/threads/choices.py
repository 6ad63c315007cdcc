"""The closed word lists of threads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Who wrote a message, or whose answer a thread waits for."""

    DEALER = "dealer", _("Dealer")
    STAFF = "staff", _("Our people")


class Waits(models.TextChoices):
    """Whose turn it is."""

    NOBODY = "", _("Nobody has to answer")
    DEALER = "dealer", _("Waits for the dealer")
    STAFF = "staff", _("Needs our answer")
