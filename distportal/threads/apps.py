from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "distportal.threads"
    label = "threads"
    verbose_name = "Messages on records"
