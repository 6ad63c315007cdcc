"""What the mail of one notice and that of many says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from distportal.notices.clock import PersonClock
from distportal.notices.kinds import NoticeKind, notice_kind
from distportal.notices.models import Notice
from distportal.notices.unsubscribing import DIGEST, unsubscribe_path
from distportal.notices.wording import Content, Item, absolute

MOST_LINES = 20
"""A digest names so many things; of the rest it says how many there are and where they stand."""


def notice_content(notice: Notice, kind: NoticeKind) -> Content:
    """The mail of one notice; `notice.account` is shown, for some people act for several."""
    return Content(
        subject=kind.says(notice.facts),
        sentence=kind.says(notice.facts),
        account=notice.account.name if notice.account else "",
        rows=kind.rows(notice.facts),
        action=str(kind.action),
        action_url=absolute(notice.path),
        reason=_reason(notice) % {"kind": kind.title},
        settings_url=absolute(reverse("notices:settings")),
        unsubscribe_url="" if kind.mandatory else absolute(unsubscribe_path(notice.user_id, kind.key)),
    )


def _reason(notice: Notice) -> str:
    if notice.account is None:
        return gettext("You get this because you work here and chose it, or it is yours: “%(kind)s”.")
    return gettext("You get this because of your role at this account: “%(kind)s”.")


def digest_content(notices: Sequence[Notice], *, user_id: UUID, clock: PersonClock, quiet: bool) -> Content:
    """The one mail of many notices: how many of each kind, then the weightiest and newest of them.

    `quiet`: they waited for the quiet hours to end, not for the digest.
    """
    known = [(notice, kind) for notice in notices if (kind := notice_kind(notice.kind))]
    ranked = sorted(known, key=lambda one: (-one[1].weight, -one[0].pk))
    total = len(known)
    if quiet:
        subject = ngettext(
            "%(n)d notification from your quiet hours", "%(n)d notifications from your quiet hours", total
        )
    else:
        subject = ngettext("Your daily digest: %(n)d notification", "Your daily digest: %(n)d notifications", total)
    accounts = {notice.account.name for notice, _ in known if notice.account}
    inbox = absolute(reverse("notices:inbox"))
    return Content(
        subject=subject % {"n": total},
        sentence=subject % {"n": total},
        account=accounts.pop() if len(accounts) == 1 else "",
        counts=Counter(str(kind.title) for _, kind in ranked).most_common(),
        items=[_item(notice, kind, clock, several=len(accounts) > 1) for notice, kind in ranked[:MOST_LINES]],
        more=max(total - MOST_LINES, 0),
        more_url=inbox,
        action=gettext("Open your notifications"),
        action_url=inbox,
        reason=gettext("You chose to get these together, at most once a day.") if not quiet else "",
        settings_url=absolute(reverse("notices:settings")),
        unsubscribe_url="" if quiet else absolute(unsubscribe_path(user_id, DIGEST)),
    )


def _item(notice: Notice, kind: NoticeKind, clock: PersonClock, *, several: bool) -> Item:
    local = timezone.localtime(notice.occurred_at, clock.zone)
    text = kind.says(notice.facts)
    if several and notice.account:
        text = f"{notice.account.name}: {text}"
    return Item(text=text, url=absolute(notice.path), when=date_format(local, "j M, H:i"))
