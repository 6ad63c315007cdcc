"""The words of letters: templates with a fixed set of placeholders, each change a version of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from distportal.observability.actor import actor_name
from orders.choices import LetterKind
from orders.errors import LetterRefused
from orders.models import LetterTemplate

SAMPLE: Mapping[str, str] = {
    "dispute": "D-100311", "invoice": "INV-90041", "account": "Harbor Hardware", "reason": "Price is not as contracted",
    "claimed": "$120.00", "credited": "$80.00", "words": "The contract price holds for ten pieces.",
    "order": "SO-100042", "po": "PO-7781", "today": "2026-05-04", "reply_by": "2026-05-18",
}  # fmt: skip
"""Every placeholder that a template may have, with what a preview puts there."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_DEFAULTS: Mapping[str, tuple[str, str]] = {
    LetterKind.CREDIT: (
        "Credit for dispute {dispute} on invoice {invoice}",
        "Dear {account},\n\nyour dispute {dispute} on invoice {invoice} ({reason}) is decided: of {claimed} that you "
        "claimed we credit {credited}.\n\n{words}\n\nThe credit memo follows as soon as it is booked. What is not "
        "credited stays due.",
    ),
    LetterKind.OWN: (
        "We billed too much on invoice {invoice}",
        "Dear {account},\n\nwe check what we bill, and found invoice {invoice} wrong ({reason}). You need not do "
        "anything: we credit {credited} under {dispute}.\n\n{words}\n\nThe credit memo follows once it is booked.",
    ),
    LetterKind.DENIAL: (
        "Dispute {dispute} on invoice {invoice} is declined",
        "Dear {account},\n\nwe looked into your dispute {dispute} over {claimed} on invoice {invoice} ({reason}) and "
        "cannot credit it.\n\n{words}\n\nThe amount is due. If you have evidence that we did not see, open the dispute "
        "in the portal and write to us.",
    ),
    LetterKind.NEED_INFO: (
        "A question about dispute {dispute} on invoice {invoice}",
        "Dear {account},\n\nto go on with your dispute {dispute} over {claimed} on invoice {invoice} ({reason}) we "
        "need an answer from you by {reply_by}:\n\n{words}\n\nUntil then the dispute waits and its amount is not due.",
    ),
}


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with each known placeholder replaced; anything else in braces stays as it is typed."""
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), text)


def unknown_placeholders(*texts: str) -> list[str]:
    """What stands in braces and is none of SAMPLE."""
    return sorted({name for text in texts for name in _PLACEHOLDER.findall(text) if name not in SAMPLE})


def words_of(kind: str) -> LetterTemplate:
    """The newest version of a kind's words; an unsaved version 0 with those that we begin with, where there is none."""
    found = LetterTemplate.objects.filter(kind=kind).order_by("-version").first()
    subject, body = _DEFAULTS[kind]
    return found or LetterTemplate(kind=kind, version=0, subject=subject, body=body)


@transaction.atomic
def save_words(*, kind: str, version: int, subject: str, body: str) -> LetterTemplate:
    """The next version after the one the person saw. Raises LetterRefused for placeholders that there are not, for no
    words, and where somebody else wrote a version meanwhile.
    """
    wrong = unknown_placeholders(subject, body)
    if wrong:
        raise LetterRefused(f"there is no {{{wrong[0]}}}; possible: {', '.join(f'{{{name}}}' for name in SAMPLE)}")
    if not subject.strip() or not body.strip() or kind not in LetterKind.values:
        raise LetterRefused("a letter has a subject and a text; nothing was saved")
    current = words_of(kind)
    if current.version != version:
        raise LetterRefused(f"version {current.version} was written meanwhile; nothing was saved, look at it first")
    try:
        with transaction.atomic():
            return LetterTemplate.objects.create(
                kind=kind, version=version + 1, subject=subject.strip()[:160], body=body.strip(),
                written_by=actor_name(),
            )  # fmt: skip
    except IntegrityError as error:
        raise LetterRefused("another version was written a moment ago; nothing was saved") from error
