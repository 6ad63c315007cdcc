from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "distportal.accounts"
    label = "accounts"
    verbose_name = "Accounts"
