from django.apps import AppConfig


class SystemsConfig(AppConfig):
    name = "distportal.systems"
    label = "systems"
    verbose_name = "System calls"
