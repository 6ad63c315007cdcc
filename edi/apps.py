from django.apps import AppConfig


class EDIConfig(AppConfig):
    name = "edi"
    verbose_name = "EDI"
