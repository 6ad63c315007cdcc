"""Write the mails of notices: each is written once, kept as it is, and then sent."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import translation

from distportal.accounts.models import User
from distportal.accounts.speaking import language_of, zone_of
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.notices.choices import Mode, Plan
from distportal.notices.contents import digest_content, notice_content
from distportal.notices.kinds import notice_kind
from distportal.notices.models import Mail, Notice, NoticeChoice
from distportal.notices.people import clock_of, mode_of, settings_of, still_concerns
from distportal.notices.telling import gather_at
from distportal.notices.unsubscribing import DIGEST
from distportal.notices.wording import Content, Written, write

SEND_JOB = "notices.send_mail"


@transaction.atomic
def post_mail(*, key: str, kind: str, to_email: str, content: Content, user: User | None = None) -> Mail:
    """The mail of that key, written now in the active language, or before; it is sent after the commit, once."""
    return post_written(
        key=key,
        kind=kind,
        to_email=to_email,
        written=write(content),
        user=user,
        unsubscribe_url=content.unsubscribe_url,
    )


@transaction.atomic
def post_written(
    *, key: str, kind: str, to_email: str, written: Written, user: User | None = None, unsubscribe_url: str = "",
    enclosure: str = "",
) -> Mail:  # fmt: skip
    """The same of words that somebody else put together, as letters are, and with the paper that goes with them."""
    mail, fresh = Mail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "user": user,
            "to_email": to_email,
            "subject": written.subject,
            "text": written.text,
            "html": written.html,
            "unsubscribe_url": unsubscribe_url,
            "enclosure": enclosure,
        },
    )
    if fresh:
        enqueue_job(SEND_JOB, key=str(mail.pk), payload={"mail": str(mail.pk)})
    return mail


@transaction.atomic
def mail_notice(*, notice_id: int) -> Mail | None:
    """The mail of one notice; None where it is not wanted any more."""
    notice = (
        Notice.objects.select_for_update(of=("self",), no_key=True).select_related("user", "account").get(pk=notice_id)
    )
    if notice.mail_id:
        return notice.mail
    wanted = _still_wanted(notice.user, [notice])
    return _mail_one(wanted[0]) if wanted else None


def _mail_one(notice: Notice) -> Mail:
    kind = notice_kind(notice.kind)
    if kind is None:
        raise KeyError(f"nobody registered notices of the kind {notice.kind}")
    with translation.override(language_of(notice.user)):
        content = notice_content(notice, kind)
        mail = post_mail(
            key=f"notice:{notice.pk}", kind=notice.kind, to_email=notice.user.email, content=content, user=notice.user
        )
    Notice.objects.filter(pk=notice.pk).update(mail=mail)
    return mail


@transaction.atomic
def mail_gathered(*, user_id: UUID, plan: Plan, slot: str) -> Mail | None:
    """The one mail of all that waits for the person's digest, or for the end of their quiet hours; None for nothing.

    One digest a person and day, however often this is called: what comes later on that day waits for the next one.
    """
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
    rows = Notice.objects.filter(user=user, plan=plan, mail=None).select_related("account__calendar", "user")
    waiting = list(rows.order_by("pk"))
    wanted = _still_wanted(user, waiting)
    if not wanted:
        return None
    if plan == Plan.QUIET and len(wanted) == 1:
        return _mail_one(wanted[0])
    clock = clock_of(user, zone_of(None if user.is_staff else wanted[0].account))
    key = f"{plan.value}:{user.pk}:{slot}"
    if Mail.objects.filter(key=key).exists():
        now = database_now()
        Notice.objects.filter(pk__in=[notice.pk for notice in wanted]).update(plan=Plan.DIGEST)
        gather_at(users=[str(user.pk)], plan=Plan.DIGEST, at=clock.next_digest(now), now=now)
        return None
    with translation.override(language_of(user)):
        content = digest_content(wanted, user_id=user.pk, clock=clock, quiet=plan == Plan.QUIET)
        mail = post_mail(key=key, kind=DIGEST, to_email=user.email, content=content, user=user)
    Notice.objects.filter(pk__in=[notice.pk for notice in wanted]).update(mail=mail)
    return mail


def _still_wanted(user: User, notices: list[Notice]) -> list[Notice]:
    """Those whose person is still active, of the account, and has not switched the kind off; the others are never
    mailed.
    """
    own = settings_of(user)
    mine = still_concerns(user, {notice.account_id for notice in notices})
    choices = {row.kind: row for row in NoticeChoice.objects.filter(user=user)}
    reachable = user.is_active and not (own and own.refused_email == user.email)

    def wanted(notice: Notice) -> bool:
        kind = notice_kind(notice.kind)
        if kind is None or not reachable or notice.account_id not in mine:
            return False
        return mode_of(kind, choices.get(notice.kind)) != Mode.OFF

    kept = [notice for notice in notices if wanted(notice)]
    dropped = {notice.pk for notice in notices} - {notice.pk for notice in kept}
    Notice.objects.filter(pk__in=dropped).update(plan=Plan.NONE)
    return kept
