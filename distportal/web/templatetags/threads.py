"""`{% thread order %}`: the thread of any record that an app registered, on any page."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model

from distportal.threads.subjects import subject_of
from distportal.web.threads.card import card_context

register = template.Library()


@register.inclusion_tag("web/threads/_thread.html", takes_context=True)
def thread(context: dict[str, Any], record: Model) -> dict[str, Any]:
    """The card; empty for a record that is nobody's. The page has checked that the person may see it."""
    subject = subject_of(record)
    return card_context(context["request"], subject) if subject else {}
