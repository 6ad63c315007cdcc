from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate  # noqa: TID251 - migrations tell nobody else


class AccountsConfig(AppConfig):
    name = "distportal.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from distportal.accounts.raising import raise_wall  # noqa: PLC0415 - reads models, which are not there earlier
        from distportal.accounts.wall import enter_again  # noqa: PLC0415

        post_migrate.connect(raise_wall, sender=self, dispatch_uid="dealer_wall")
        connection_created.connect(enter_again, dispatch_uid="dealer_wall")
