"""Files that another system sends before the thing they belong to, which names them by their ids."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import Account
from distportal.uploads.cleaning import CleanFile
from distportal.uploads.errors import TooManyFiles
from distportal.uploads.keeping import store_files
from distportal.uploads.models import StoredFile

MOST_WAITING = 200
"""Files of one client for one company that nothing holds yet; what nothing holds after a week goes by itself."""


@transaction.atomic
def send_ahead(*, account: Account, client: str, form: UUID, file: CleanFile) -> StoredFile:
    """The kept file; the same form again is the file that is there. Raises TooManyFiles beyond 200 that wait."""
    waiting = StoredFile.objects.filter(account=account, client=client, used=False)
    if (known := _of_form(account, form)) is not None:
        return known
    if waiting.count() >= MOST_WAITING:
        told = _("%(most)d files wait already for what they belong to; this one was not kept") % {"most": MOST_WAITING}
        raise TooManyFiles(told)
    store_files(account=account, form=form, clean=[file], user=None, client=client)
    return StoredFile.objects.defer("content").get(account=account, form=form, sha256=file.sha256)


def _of_form(account: Account, form: UUID) -> StoredFile | None:
    return StoredFile.objects.defer("content").filter(account=account, form=form).first()
