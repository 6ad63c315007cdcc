"""Write into a record's thread, once for each form."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act, signed_name
from distportal.common.errors import NotAllowed, NotFound
from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.outbox import publish
from distportal.observability.correlation import correlated
from distportal.threads.choices import Side, Waits
from distportal.threads.errors import AnotherMessage, NothingWritten
from distportal.threads.models import Message, MessageFile, Thread
from distportal.threads.subjects import Subject
from distportal.uploads.keeping import take_files

LONGEST = 4000


@transaction.atomic
def post_message(
    *, subject: Subject, user: User, token: UUID, text: str, internal: bool = False, asks: bool = False,
    files: Collection[UUID] = (),
) -> Message:  # fmt: skip
    """The message; the same token again gives the one that is there. `internal`: our people alone read it, ever.
    `asks`: the thread waits for the dealer from now on. A dealer's message always waits for us.

    Raises NothingWritten without words and files, NotAllowed for a role that does not write to us, NotFound where a
    dealer may only answer and nothing was asked, AnotherMessage for a token that was used elsewhere.
    """
    side = Side.STAFF if user.is_staff and user.standing is None else Side.DEALER
    if side == Side.DEALER:
        require_act(user=user, account_id=subject.account.pk, act=Act.WRITE_MESSAGES)
        internal = asks = False
    text = text.strip()
    if len(text) > LONGEST:
        raise NothingWritten(_("A message has %(most)d characters at most; nothing was sent.") % {"most": LONGEST})
    thread = _locked_thread(subject)
    if side == Side.DEALER and subject.ours_first and thread.dealer_at is None:
        raise NotFound(_("There is nothing to answer here."))
    known = Message.objects.filter(token=token).first()
    if known is not None:
        return _same(known, thread, user)
    held = take_files(account=subject.account, user=user, wanted=files, internal=internal)
    if not text and not held:
        raise NothingWritten(_("Write something or add a file; nothing was sent."))
    row = Message.objects.create(
        thread=thread, token=token, side=side, internal=internal, asks=asks and not internal, text=text, author=user,
        author_name=signed_name(user)[:160], correlation_id=subject.correlation_id, written_at=database_now(),
    )  # fmt: skip
    MessageFile.objects.bulk_create(MessageFile(message=row, file=file) for file in held)
    _move_on(thread, row, subject)
    _tell(thread, row)
    return row


@transaction.atomic
def settle_thread(*, thread_id: UUID, user: User) -> Thread:
    """The thread waits for nobody: what was written needs no answer. Raises NotAllowed for anybody but our people."""
    if not user.is_staff or user.standing is not None:
        raise NotAllowed(_("Only our people say that no answer is needed."))
    thread = Thread.objects.select_for_update(no_key=True).get(pk=thread_id)
    thread.waits_for, thread.waits_since = Waits.NOBODY, None
    thread.save(update_fields=["waits_for", "waits_since"])
    return thread


def _locked_thread(subject: Subject) -> Thread:
    fresh = Thread(account=subject.account, subject_type=subject.kind, subject_id=subject.id)
    Thread.objects.bulk_create([fresh], ignore_conflicts=True)
    return Thread.objects.select_for_update(no_key=True).get(subject_type=subject.kind, subject_id=subject.id)


def _same(known: Message, thread: Thread, user: User) -> Message:
    if known.thread_id != thread.pk or known.author_id != user.pk:
        raise AnotherMessage(_("This form was sent before, for something else. Load the page again; nothing was sent."))
    return known


def _move_on(thread: Thread, row: Message, subject: Subject) -> None:
    thread.label, thread.path, thread.last_at = subject.label[:120], subject.path[:200], row.written_at
    if not row.internal:
        thread.dealer_at = row.written_at
        thread.waits_for = Waits.STAFF if row.side == Side.DEALER else Waits.DEALER if row.asks else Waits.NOBODY
        thread.waits_since = row.written_at if thread.waits_for else None
    thread.save()


def _tell(thread: Thread, row: Message) -> None:
    """What dealers see is an event of another name than what they do not: nobody mixes them up."""
    what = "thread.note_written" if row.internal else "thread.message_posted"
    payload = {
        "thread": str(thread.pk),
        "message": row.pk,
        "account": str(thread.account_id),
        "subject_type": thread.subject_type,
        "subject_id": thread.subject_id,
        "side": row.side,
        "asks": row.asks,
        "by": row.author_name,
    }
    with correlated(row.correlation_id):
        publish(Event(type=what, aggregate_type="thread", aggregate_id=str(thread.pk), payload=payload))
