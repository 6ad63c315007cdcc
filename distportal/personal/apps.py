from django.apps import AppConfig


class PersonalConfig(AppConfig):
    name = "distportal.personal"
    label = "personal"
    verbose_name = "Personal data"
