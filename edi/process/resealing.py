"""Seal every stored secret under today's SECRET_KEY, so that an old one can be retired."""

from __future__ import annotations

from django.db import transaction

from distportal.common.sealing import SealBroken
from distportal.systems.sftp.base import TransportError
from distportal.webhooks.resealing import reseal_webhooks
from edi.models import Certificate, Mailbox
from edi.transports.sealing import resealed


@transaction.atomic
def reseal_secrets() -> int:
    """How many secrets were sealed anew: all or none. Raises TransportError for one that no key of ours opens."""
    count = 0
    for mailbox in Mailbox.objects.select_for_update(no_key=True).exclude(secret="").order_by("pk"):
        Mailbox.objects.filter(pk=mailbox.pk).update(secret=resealed(mailbox.secret))
        count += 1
    for row in Certificate.objects.select_for_update(no_key=True).exclude(sealed_key="").order_by("pk"):
        Certificate.objects.filter(pk=row.pk).update(sealed_key=resealed(row.sealed_key))
        count += 1
    try:
        return count + reseal_webhooks()
    except SealBroken as error:
        raise TransportError(error.message, permanent=True) from error
