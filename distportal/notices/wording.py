"""A mail's words in both formats, from one content: what HTML says, the text says too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string

COMPANY = "Northline Supply"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list, with a link where there is something to look at."""

    text: str
    url: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a mail says. `rows` are label and value; of a long list `items` are the first and `more` counts the rest."""

    subject: str
    sentence: str
    account: str = ""
    rows: Sequence[tuple[str, str]] = ()
    counts: Sequence[tuple[str, int]] = ()
    items: Sequence[Item] = ()
    more: int = 0
    more_url: str = ""
    action: str = ""
    action_url: str = ""
    reason: str = ""
    settings_url: str = ""
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A mail, written."""

    subject: str
    text: str
    html: str


def absolute(path: str) -> str:
    """The address of a page as a mail has to name it; empty for no path."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}" if path else ""


def write(content: Content) -> Written:
    """The subject on one line, the text and the HTML."""
    context = {"content": content, "company": COMPANY, "demo": settings.DEMO}
    return Written(
        subject=" ".join(content.subject.split())[:200],
        text=_tidy(render_to_string("mail/message.txt", context)),
        html=render_to_string("mail/message.html", context),
    )


def _tidy(text: str) -> str:
    """Never more than one empty line: the template's tags leave some."""
    kept: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept) + "\n"
