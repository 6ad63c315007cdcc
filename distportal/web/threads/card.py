"""The thread of a record as a card: who can read it, what was said, and the box to answer in."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse

from distportal.accounts.permissions import Act
from distportal.threads.posting import LONGEST
from distportal.threads.reading import mark_seen, ours, shown_messages, thread_of
from distportal.threads.subjects import Subject
from distportal.uploads.keeping import MOST_FILES, kept_files
from distportal.web.audience import PersonRequest, may


def card_context(
    request: PersonRequest, subject: Subject, *, before: int = 0, typed: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What the card shows to whoever looks; `typed` is what a form said that was refused."""
    user = request.user
    shown = shown_messages(thread_of(subject), user=user, before=before)
    mark_seen(shown, user=user)
    staff = ours(user)
    answering = not subject.ours_first or bool(shown.thread and shown.thread.dealer_at)
    typed = typed or {}
    token = typed.get("token") or uuid.uuid4()
    return {
        "subject": subject,
        "shown": shown,
        "staff": staff,
        "may_write": staff or (answering and may(request, Act.WRITE_MESSAGES)),
        "typed": typed,
        "token": token,
        "kept": kept_files(account=subject.account, user=user, form=token) if typed else [],
        "longest": LONGEST,
        "most_files": MOST_FILES,
        "back": request.get_full_path() if request.method == "GET" else typed.get("next", ""),
        "page_url": reverse("threads:show", args=[shown.thread.pk]) if shown.thread else "",
    }
