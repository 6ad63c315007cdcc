"""Write to the dealer's accounts people about a decision or a question, once a step, and keep what was sent."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.accounts.speaking import ENGLISH
from distportal.common.money import show_money
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.notices.enclosures import Paper
from distportal.notices.mailing import post_written
from distportal.notices.wording import Written, absolute
from distportal.observability.actor import actor_name
from orders.choices import LetterKind
from orders.documents.letter_sheet import LetterSheet, render_letter
from orders.models import Dispute, DisputeLetter
from orders.process.letter_words import fill, words_of
from orders.queries.evidence import checklist_of

ENCLOSURE = "dispute.letter"


def letter_name(row: DisputeLetter) -> str:
    """What the letter's file is called; the dispute is read with it."""
    return f"{row.dispute}_{row.kind}_{site_day(row.written_at):%Y-%m-%d}.pdf"


def letter_paper(letter_id: str) -> Paper | None:
    """The letter as it goes with its mail: the bytes that are kept."""
    row = DisputeLetter.objects.select_related("dispute").filter(pk=letter_id).first()
    return Paper(name=letter_name(row), media_type="application/pdf", content=bytes(row.pdf)) if row else None


def write_letter(row: Dispute, kind: LetterKind, words: str) -> DisputeLetter:
    """The letter of the dispute's newest step, kept and on its way to the account's people for money. The caller holds
    the dispute's lock: the step's entry is the last one.
    """
    with translation.override(ENGLISH):  # as its templates are
        return _written(row, kind, words)


def _written(row: Dispute, kind: LetterKind, words: str) -> DisputeLetter:
    template = words_of(kind)
    facts = _facts(row, words)
    subject = " ".join(fill(template.subject, facts).split())[:200]
    paragraphs = [part.strip() for part in fill(template.body, facts).split("\n\n") if part.strip()]
    listed = [f"{one.label}: {'; '.join(one.there) or 'not there'}" for one in checklist_of(row)]
    pdf = render_letter(
        LetterSheet(
            to=[row.account.name, f"Account {row.account.code}"], on=facts["today"], subject=subject,
            facts=[("Dispute", str(row)), ("Invoice", row.invoice.number), ("Claimed", facts["claimed"])],
            paragraphs=paragraphs, listed=listed,
        )
    )  # fmt: skip
    entry = row.entries.order_by("-pk").values_list("pk", flat=True).first()
    letter = DisputeLetter.objects.create(
        dispute=row, key=f"{row.pk}:{kind}:{entry}", kind=kind, template=template if template.pk else None,
        subject=subject, body="\n\n".join(paragraphs), pdf=pdf, written_by=actor_name(),
    )  # fmt: skip
    _mail(row, letter, paragraphs, listed)
    return letter


def _facts(row: Dispute, words: str) -> dict[str, str]:
    order = row.invoice.order
    return {
        "dispute": str(row),
        "invoice": row.invoice.number,
        "account": row.account.name,
        "reason": row.get_reason_display(),
        "claimed": show_money(row.amount_claimed, row.currency),
        "credited": show_money(row.amount_approved, row.currency),
        "words": words.strip(),
        "order": str(order) if order else "none",
        "po": order.po_number if order else "none",
        "today": site_day(database_now()).isoformat(),
        "reply_by": row.remind_on.isoformat() if row.remind_on else "",
    }


def _mail(row: Dispute, letter: DisputeLetter, paragraphs: list[str], listed: list[str]) -> None:
    context = {
        "subject": letter.subject,
        "paragraphs": paragraphs,
        "listed": listed,
        "url": absolute(reverse("orders:dispute", args=[row.number])),
        "pdf_url": absolute(reverse("orders:dispute_letter", args=[letter.pk])),
    }
    written = Written(
        subject=letter.subject,
        text=render_to_string("orders/mail/letter.txt", context),
        html=render_to_string("orders/mail/letter.html", context),
    )
    for member in _readers(row):
        letter.mails.add(
            post_written(
                key=f"letter:{letter.pk}:{member.user_id}", kind="dispute.letter", to_email=member.user.email,
                written=written, user=member.user, enclosure=f"{ENCLOSURE}:{letter.pk}",
            )
        )  # fmt: skip


def _readers(row: Dispute) -> list[Membership]:
    """The account's people for money; its administrators where there are none."""
    members = Membership.objects.filter(account=row.account, active=True, user__is_active=True)
    found = list(members.filter(role__in=(Role.ACCOUNTS, Role.ADMIN)).select_related("user").order_by("user_id"))
    return [one for one in found if one.role == Role.ACCOUNTS] or found
