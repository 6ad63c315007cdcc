"""A dealer's people are told what our people write to them; what is internal is an event nobody of them hears."""

from __future__ import annotations

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from distportal.accounts.choices import Role
from distportal.accounts.models import User
from distportal.events.base import Delivered
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, Told, add_notice_kind
from distportal.threads.choices import Side
from distportal.threads.models import Message
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
    row = Message.objects.select_related("thread__account__calendar").get(pk=event.payload["message"], internal=False)
    thread = row.thread
    subject = subject_named(thread.subject_type, thread.subject_id)
    wrote = User.objects.filter(
        pk__in=Message.objects.filter(thread=thread, side=Side.DEALER).values("author"), is_staff=False
    )
    facts = {"subject": thread.label, "by": row.author_name, "text": Truncator(row.text).chars(EXCERPT)}
    return Told(
        account=thread.account,
        facts=facts,
        path=(f"{thread.path}#thread" if thread.path else reverse("threads:show", args=[thread.pk])),
        people=[*(subject.people() if subject else ()), *wrote],
    )


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
