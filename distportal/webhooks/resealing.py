"""Seal the secrets of webhooks under today's SECRET_KEY, so that an old one can be retired."""

from __future__ import annotations

from django.db import transaction

from distportal.webhooks.models import Endpoint, Sender
from distportal.webhooks.signing import SEAL


@transaction.atomic
def reseal_webhooks() -> int:
    """How many endpoints and senders were sealed anew: all or none. Raises SealBroken for one that no key opens."""
    count = 0
    for model in (Endpoint, Sender):
        for row in model.objects.select_for_update(no_key=True).order_by("pk"):
            now, before = (SEAL.close(SEAL.open(one)) for one in (row.sealed_secret, row.sealed_old_secret))
            model.objects.filter(pk=row.pk).update(sealed_secret=now, sealed_old_secret=before)
            count += 1
    return count
