from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "distportal.web"
    label = "web"
    verbose_name = "Shell"
