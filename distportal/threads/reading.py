"""What a person finds in threads: messages page by page, what is new, whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from distportal.accounts.models import User
from distportal.common.marks import A_CODE
from distportal.common.prepared import PreparedCount
from distportal.threads.choices import Waits
from distportal.threads.models import Message, Thread, ThreadReader
from distportal.threads.subjects import Subject

A_PAGE = 20
MOST_COUNTED = 99
"""A badge counts no further."""
WAIT_FOR_DEALER = PreparedCount(
    lambda pk: Thread.objects.of_accounts([pk]).filter(waits_for=Waits.DEALER), most=MOST_COUNTED + 1
)

WAIT_FOR_US = PreparedCount(lambda side: Thread.objects.filter(waits_for=side), A_CODE, most=MOST_COUNTED + 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """Some messages of a thread, the oldest first; `older` is the id to go on before, 0 where nothing is older. `new`
    are the ids of those that the person has not seen.
    """

    thread: Thread | None = None
    messages: list[Message] = field(default_factory=list)
    older: int = 0
    new: frozenset[int] = frozenset()


def ours(user: User) -> bool:
    """Whether the person reads as one of our own people, and not as a dealer's."""
    return user.is_staff and user.standing is None


def threads_of(user: User) -> QuerySet[Thread]:
    """The threads that the person may know of, each with `unread`: whether something in it is new to them."""
    rows = Thread.objects.visible_to(user).select_related("account")
    if not ours(user):
        rows = rows.filter(dealer_at__isnull=False)
    return rows.annotate(unread=Exists(_new_messages(user)))


def _new_messages(user: User) -> QuerySet[Message]:
    """What the person has not seen of the thread that the outer query is at."""
    read = ThreadReader.objects.filter(user=user, thread=OuterRef("thread"), last_message_id__gte=OuterRef("pk"))
    rows = Message.objects.filter(~Exists(read), thread=OuterRef("pk")).exclude(author=user)
    return rows if ours(user) else rows.filter(internal=False)


def threads_in_view(user: User, view: str) -> QuerySet[Thread]:
    """Those that wait for the person's side (`ours`), for the other one (`theirs`), or all."""
    mine, other = (Waits.STAFF, Waits.DEALER) if ours(user) else (Waits.DEALER, Waits.STAFF)
    rows = threads_of(user)
    if view == "ours":
        return rows.filter(waits_for=mine)
    return rows.filter(waits_for=other) if view == "theirs" else rows


def waiting_threads(user: User) -> QuerySet[Thread]:
    """Those in which it is the turn of the person's side, the longest waiting first."""
    side = Waits.STAFF if ours(user) else Waits.DEALER
    return Thread.objects.visible_to(user).filter(waits_for=side).order_by("waits_since", "pk")


def waiting_count(user: User) -> int:
    """How many, up to one more than a badge counts."""
    if user.standing is not None:
        return WAIT_FOR_DEALER(user.standing.account.pk)
    if ours(user):
        return WAIT_FOR_US(Waits.STAFF.value)
    return waiting_threads(user).order_by()[: MOST_COUNTED + 1].count()


def thread_of(subject: Subject) -> Thread | None:
    """The thread of a record, where something was said."""
    return Thread.objects.filter(subject_type=subject.kind, subject_id=subject.id).first()


def shown_messages(thread: Thread | None, *, user: User, before: int = 0, size: int = A_PAGE) -> Shown:
    """A page of the thread as the person may read it: the newest, or those before a message."""
    if thread is None:
        return Shown()
    rows = Message.objects.visible_to(user).filter(thread=thread)
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.prefetch_related("files__file").order_by("-pk")[: size + 1])
    page = list(reversed(found[:size]))
    reader = ThreadReader.objects.filter(thread=thread, user=user).first()
    seen = reader.last_message_id if reader else 0
    new = frozenset(one.pk for one in page if one.pk > seen and one.author_id != user.pk)
    return Shown(thread, page, page[0].pk if len(found) > size else 0, new)


def mark_seen(shown: Shown, *, user: User) -> None:
    """The person has read as far as the page goes; reading older pages takes nothing back. Who looks in somebody
    else's place reads nothing for them.
    """
    if shown.thread is None or not shown.new or (user.standing and user.standing.visit):
        return
    last = max(shown.new)
    row, made = ThreadReader.objects.get_or_create(thread=shown.thread, user=user, defaults={"last_message_id": last})
    if not made and row.last_message_id < last:
        ThreadReader.objects.filter(pk=row.pk, last_message_id__lt=last).update(last_message_id=last)
