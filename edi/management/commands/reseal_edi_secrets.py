"""`manage.py reseal_edi_secrets`: after SECRET_KEY was changed, before the old one leaves SECRET_KEY_FALLBACKS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from distportal.common.sealing import SealBroken
from distportal.systems.sftp.base import TransportError
from distportal.web.sealed_factors import reseal_factors
from edi.process.resealing import reseal_secrets


class Command(BaseCommand):
    """Mailbox passwords, SFTP keys, private keys of certificates, webhooks' secrets, second factors: sealed with
    today's SECRET_KEY.
    """

    help = "Seal all stored secrets, of EDI, of webhooks and of second factors, under today's SECRET_KEY"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = reseal_secrets()
        except TransportError as error:
            raise CommandError(f"Nothing was changed: {error}.") from error
        try:
            count += reseal_factors()
        except SealBroken as error:
            message = (
                f"{count} secrets are sealed anew, and second factors not all: {error.message}. Then run it again."
            )
            raise CommandError(message) from error
        self.stdout.write(f"{count} secrets are sealed under today's SECRET_KEY.")
