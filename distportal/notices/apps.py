from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "distportal.notices"
    label = "notices"
    verbose_name = "Notifications"
