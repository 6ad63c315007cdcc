"""Keep the files of a form apart from the form: what was sent once needs not be sent again when the rest is refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.uploads.cleaning import CleanFile, clean_file
from distportal.uploads.errors import UnusableFile
from distportal.uploads.models import StoredFile

MOST_FILES = 8
"""A form holds so many."""


@dataclass(slots=True)
class Kept:
    """The files of a form that are kept, and what is wrong with those that are not."""

    files: list[StoredFile] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def keep_files(*, account: Account, user: User, form: UUID, sent: Sequence[UploadedFile[Any]]) -> Kept:
    """The form's files with those that are sent now. A bad one is told and keeps no good one out; nothing is lost when
    what else the form says is refused.
    """
    problems, clean = [], []
    for file in sent:
        try:
            clean.append(clean_file(file))
        except UnusableFile as error:
            problems.append(error.message)
    there = kept_files(account=account, user=user, form=form)
    if len(there) + len(clean) > MOST_FILES:
        problems.append(_("At most %(most)d files can go with one form") % {"most": MOST_FILES})
        clean = clean[: MOST_FILES - len(there)]
    if clean:
        store_files(account=account, form=form, clean=clean, user=user)
        there = kept_files(account=account, user=user, form=form)
    return Kept(there, problems)


def kept_files(*, account: Account, user: User, form: UUID) -> list[StoredFile]:
    """The form's files that nothing holds yet, without their bytes."""
    rows = StoredFile.objects.filter(account=account, form=form, uploaded_by=user, client="", used=False)
    return list(rows.defer("content")[: MOST_FILES + 1])


@transaction.atomic
def store_files(
    *, account: Account, form: UUID, clean: Sequence[CleanFile], user: User | None, client: str = ""
) -> None:
    """The files are kept with the form, each once; a person sends them, or the client behind a key."""
    rows = [
        StoredFile(
            account=account,
            uploaded_by=user,
            client=client,
            form=form,
            name=one.name,
            media_type=one.media_type,
            size=len(one.content),
            sha256=one.sha256,
            content=one.content,
        )
        for one in clean
    ]
    StoredFile.objects.bulk_create(rows, ignore_conflicts=True)


def take_files(
    *, account: Account, user: User | None, wanted: Collection[UUID], internal: bool = False, client: str = ""
) -> list[StoredFile]:
    """Those of the files that the person or the client sent and that nothing holds yet; from now on something does. To
    be called in the transaction that makes what holds them.
    """
    rows = StoredFile.objects.select_for_update(no_key=True).filter(
        account=account, uploaded_by=user, client=client, used=False, pk__in=wanted
    )
    files = list(rows.defer("content").order_by("pk"))
    StoredFile.objects.filter(pk__in=[one.pk for one in files]).update(used=True, internal=internal)
    return sorted(files, key=lambda one: one.created_at)
