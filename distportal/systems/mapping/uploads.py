"""Files with tables that were uploaded and are not imported yet."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from distportal.events.clock import database_now
from distportal.observability.actor import actor_name
from distportal.systems.mapping.importing import plan_import
from distportal.systems.mapping.models import TableUpload

KEPT = dt.timedelta(days=1)


@transaction.atomic
def keep_upload(*, name: str, content: bytes, scope: str) -> TableUpload:
    """The stored file, for a day. Raises BadTable for one that can never be imported."""
    plan_import(content=content, scope=scope)
    return TableUpload.objects.create(name=name[-120:], content=content, scope=scope, uploaded_by=actor_name())


@transaction.atomic
def forget_upload(*, upload_id: UUID) -> None:
    """The file is gone; its mappings are in the tables."""
    TableUpload.objects.filter(pk=upload_id).delete()


def forget_old_uploads() -> int:
    """How many files of yesterday are gone."""
    gone, _ = TableUpload.objects.filter(created_at__lt=database_now() - KEPT).delete()
    return gone
