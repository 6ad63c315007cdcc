from django.apps import AppConfig
from django.db.models.signals import pre_migrate  # noqa: TID251 - migrations tell nobody else

from distportal.common.connections import take_time


class EventsConfig(AppConfig):
    name = "distportal.events"
    label = "events"
    verbose_name = "Events and jobs"

    def ready(self) -> None:
        pre_migrate.connect(take_time, sender=self, dispatch_uid="migrations_take_time")
