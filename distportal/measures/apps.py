from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "distportal.measures"
    label = "measures"
    verbose_name = "Key figures"
