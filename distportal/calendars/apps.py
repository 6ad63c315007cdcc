from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "distportal.calendars"
    label = "calendars"
    verbose_name = "Business calendars"
