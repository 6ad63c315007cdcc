from django.apps import AppConfig


class MappingConfig(AppConfig):
    name = "distportal.systems.mapping"
    label = "mapping"
    verbose_name = "Code mappings"
