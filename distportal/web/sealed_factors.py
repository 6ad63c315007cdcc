"""Second factors at rest: secrets of code apps and seeds of recovery codes are sealed like all stored secrets."""

from __future__ import annotations

from typing import Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from distportal.common.sealing import Seal

SEAL: Final = Seal(b"second factors at rest")
SEALED: Final = "sealed:"
"""What a sealed secret begins with. None is written otherwise; older ones stand plain until `reseal_factors` ran."""
BATCH = 500
HELD: Final = ("secret", "seed")
"""Where an authenticator's data hold a secret: a code app's, recovery codes'. A security key keeps its own."""


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals what the library stores and opens what it reads."""

    def encrypt(self, text: str) -> str:
        return f"{SEALED}{SEAL.close(text)}"

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one of an older version as it stands. Raises SealBroken."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        return SEAL.open(encrypted_text.removeprefix(SEALED))


def reseal_factors(*, batch: int = BATCH) -> int:
    """How many second factors are sealed under today's SECRET_KEY now, plain ones among them.

    Each batch is a transaction of its own: what ends midway is run again, and people go on signing in meanwhile.
    Raises SealBroken for one that no key of ours opens; those before it are sealed.
    """
    count, after = 0, 0
    while sealed := _reseal_batch(after, batch):
        count, after = count + len(sealed), sealed[-1]
    return count


@transaction.atomic
def _reseal_batch(after: int, batch: int) -> list[int]:
    """The keys of the next ones, which are sealed now."""
    adapter = SealingAdapter()
    rows = Authenticator.objects.select_for_update(no_key=True).filter(pk__gt=after).order_by("pk")[:batch]
    done = []
    for row in rows:
        changed = {name: adapter.encrypt(adapter.decrypt(row.data[name])) for name in HELD if name in row.data}
        if changed:
            Authenticator.objects.filter(pk=row.pk).update(data={**row.data, **changed})
        done.append(row.pk)
    return done
