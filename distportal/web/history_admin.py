"""The history of a tracked row in the back office: what changed, who did it, for whom, and why."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pghistory.core
from django.core.exceptions import PermissionDenied
from django.db.models import Field, ForeignKey, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from unfold.admin import ModelAdmin

MOST = 200
"""So many changes are shown, the newest first."""
MOST_CHARS = 300
"""Of a value with parts of its own, as the order as it was asked."""
_SILENT = frozenset({"id", "created_at", "updated_at", "version", "token", "correlation_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a row. `fields` are name, old and new value in words; all that was set where the row was made."""

    at: dt.datetime
    actor: str
    on_behalf_of: str
    why: str
    fields: Sequence[tuple[str, str, str]]


class TrackedHistory(ModelAdmin):  # type: ignore[misc]
    """Before the admin of a model that pghistory tracks: its History button shows what the database kept."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The changes of one row. 404 for a row that is not there."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {row}",
            "changes": changes_of(row),
            "object": row,
            "opts": self.opts,
            "most": MOST,
        }
        return TemplateResponse(request, "admin/tracked_history.html", context)


def changes_of(row: Model) -> list[Change]:
    """The newest MOST changes of a tracked row, the newest first. A query for them, and one for each kind of row that
    they point at.
    """
    [events] = pghistory.core.event_models(tracks_model=type(row))
    rows = list(
        events._default_manager.filter(pgh_obj=row.pk).select_related("pgh_context").order_by("-pgh_id")[: MOST + 1]
    )
    shown = [f for f in events._meta.concrete_fields if not f.name.startswith("pgh_") and f.name not in _SILENT]
    names = _names(rows, shown)
    found = [_change(new, old, shown, names) for new, old in zip(rows, [*rows[1:], None], strict=False)]
    return found[:MOST]


def _change(new: Any, old: Any, shown: Sequence[Field[Any, Any]], names: Mapping[Any, str]) -> Change:
    told = (new.pgh_context.metadata if new.pgh_context else None) or {}
    fields = []
    for field in shown:
        before, after = (getattr(old, field.attname) if old else None), getattr(new, field.attname)
        if before != after and not (old is None and after in (None, "")):
            fields.append((str(field.verbose_name), _words(field, before, names), _words(field, after, names)))
    return Change(
        at=new.pgh_created_at,
        actor=str(told.get("actor") or "by itself"),
        on_behalf_of=str(told.get("on_behalf_of") or ""),
        why=str(told.get("why") or told.get("reason") or ""),
        fields=fields,
    )


def _names(rows: Sequence[Any], shown: Sequence[Field[Any, Any]]) -> dict[Any, str]:
    wanted: dict[type[Model], set[Any]] = {}
    for field in shown:
        if isinstance(field, ForeignKey):
            ids = {getattr(row, field.attname) for row in rows} - {None}
            wanted.setdefault(field.related_model, set()).update(ids)
    return {
        (model, pk): str(row)
        for model, ids in wanted.items()
        for pk, row in model._default_manager.in_bulk(list(ids)).items()
    }


def _words(field: Field[Any, Any], value: Any, names: Mapping[Any, str]) -> str:
    if value in (None, ""):
        return "nothing"
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return date_format(localtime(value), "j M Y, H:i")
    if isinstance(value, dict | list):
        return Truncator(json.dumps(value, ensure_ascii=False, default=str)).chars(MOST_CHARS)
    return str(dict(field.flatchoices).get(value, value))
