from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "distportal.events"
    label = "events"
    verbose_name = "Events and jobs"
