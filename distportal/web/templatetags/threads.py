"""`{% thread order %}`: the thread of any record that an app registered, on any page."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from distportal.threads.subjects import subject_of
from distportal.web.threads.card import card_context

register = template.Library()


@register.simple_tag(takes_context=True)
def thread(context: dict[str, Any], record: Model) -> SafeString | str:
    """The card, or nothing for a record that is nobody's. The page has checked that the person may see it."""
    subject = subject_of(record)
    if subject is None:
        return ""
    request = context["request"]
    return render_to_string("web/threads/_thread.html", card_context(request, subject), request=request)
