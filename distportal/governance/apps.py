from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "distportal.governance"
    label = "governance"
    verbose_name = "Rules and their versions"
