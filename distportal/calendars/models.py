"""Business calendars as data: which hours of which days count, and which days are not like the others."""

from __future__ import annotations

import zoneinfo
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

WEEKDAYS = {1: "Monday", 2: "Tuesday", 3: "Wednesday", 4: "Thursday", 5: "Friday", 6: "Saturday", 7: "Sunday"}


def check_time_zone(name: str) -> None:
    """Raises ValidationError for a name that the time zone database does not have."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(name)s is no time zone such as America/Chicago.") % {"name": name})


class Calendar(models.Model):
    """A named calendar. One is the default: it counts for all who name none. `version` goes up with every change, so
    that what was planned by an older one can be planned again.
    """

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=60, validators=[check_time_zone])
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="calendars_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name


class WorkingHours(models.Model):
    """From when to when work is done on a weekday; several rows make a break. Closing at 00:00 is midnight."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=list(WEEKDAYS.items()))
    opens = models.TimeField()
    closes = models.TimeField(help_text="00:00 is midnight")

    class Meta:
        ordering: ClassVar[list[str]] = ["weekday", "opens"]
        verbose_name_plural = "working hours"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["calendar", "weekday", "opens"], name="calendars_hours_once"),
            models.CheckConstraint(
                condition=models.Q(closes="00:00") | models.Q(closes__gt=models.F("opens")),
                name="calendars_hours_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Holiday(models.Model):
    """A day that is not like its weekday: off, or open from `opens` to `closes` only."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="holidays")
    on = models.DateField()
    name = models.CharField(max_length=80)
    opens = models.TimeField(null=True, blank=True, help_text="Empty: nothing is done all day")
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["calendar", "on"], name="calendars_holiday_once"),
            models.CheckConstraint(
                condition=models.Q(opens=None, closes=None)
                | (models.Q(opens__isnull=False, closes__isnull=False)
                   & (models.Q(closes="00:00") | models.Q(closes__gt=models.F("opens")))),
                name="calendars_holiday_hours",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
