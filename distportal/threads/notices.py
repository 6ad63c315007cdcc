"""A dealer's people are told what our people write to them, and ours what a dealer's people write. What is internal is
an event that nobody of the dealer hears.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from distportal.accounts.choices import Role
from distportal.accounts.models import User
from distportal.events.base import Delivered
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, Told, add_notice_kind
from distportal.threads.choices import Side
from distportal.threads.models import Message, Thread
from distportal.threads.subjects import subject_named

EXCERPT = 300
_GROUP = _("Messages")
_LABELS = {"text": _("Message"), "by": _("By")}
_ROLES = frozenset({Role.ADMIN, Role.APPROVER, Role.BUYER, Role.ACCOUNTS})
_SAMPLE = {
    "subject": "Order SO-1042", "by": "Ana Reyes", "text": "The blue ones are out until May. Shall we send the grey?",
}  # fmt: skip


def _told(event: Delivered, *, asks: bool) -> Told | None:
    if event.payload["side"] != Side.STAFF or event.payload["asks"] != asks:
        return None
    row = _message(event)
    subject = subject_named(row.thread.subject_type, row.thread.subject_id)
    return _as_told(row, people=[*(subject.people() if subject else ()), *_wrote(row.thread, Side.DEALER)])


def _told_ours(event: Delivered) -> Told | None:
    """Those of us who wrote in the thread go on with it; where nobody has yet, the whole group is told."""
    if event.payload["side"] != Side.DEALER:
        return None
    row = _message(event)
    return _as_told(row, people=list(_wrote(row.thread, Side.STAFF)))


def _message(event: Delivered) -> Message:
    return Message.objects.select_related("thread__account__calendar").get(pk=event.payload["message"], internal=False)


def _wrote(thread: Thread, side: Side) -> QuerySet[User]:
    rows = Message.objects.filter(thread=thread, side=side, internal=False)
    return User.objects.filter(pk__in=rows.values("author"), is_staff=side == Side.STAFF)


def _as_told(row: Message, *, people: Collection[User]) -> Told:
    thread = row.thread
    facts = {
        "subject": thread.label,
        "by": row.author_name,
        "account": thread.account.name,
        "text": Truncator(row.text).chars(EXCERPT),
    }
    path = f"{thread.path}#thread" if thread.path else reverse("threads:show", args=[thread.pk])
    return Told(account=thread.account, facts=facts, path=path, people=people)


add_notice_kind(
    NoticeKind(
        key="thread.asked", group=_GROUP, title=_("We ask you something"),
        sentence=_("{subject}: {by} asks you something and waits for your answer"), action=_("Read and answer"),
        labels=_LABELS, roles=_ROLES, mail=Mode.INSTANT, mandatory=True, weight=8, sample=_SAMPLE,
        events=("thread.message_posted",), read=lambda event: _told(event, asks=True),
    )
)  # fmt: skip
add_notice_kind(
    NoticeKind(
        key="thread.message_posted", group=_GROUP, title=_("We wrote to you"),
        sentence=_("{subject}: {by} wrote to you"), action=_("Read it"), labels=_LABELS, roles=_ROLES,
        mail=Mode.INSTANT, weight=5, sample=_SAMPLE, events=("thread.message_posted",),
        read=lambda event: _told(event, asks=False),
    )
)  # fmt: skip
add_notice_kind(
    NoticeKind(
        key="thread.dealer_wrote", group="Messages", title="A dealer wrote to us",
        sentence="{account}, {subject}: {by} wrote to us", action="Read and answer", labels=_LABELS,
        roles=frozenset(), groups=frozenset({"agent"}), weight=5,
        sample={"subject": "Order SO-1042", "by": "Dana Reed", "account": "Harbor Marine",
                "text": "Can the order go out a day later?"},
        events=("thread.message_posted",), read=_told_ours,
    )
)  # fmt: skip
