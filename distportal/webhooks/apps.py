from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "distportal.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"
