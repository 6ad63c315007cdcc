"""Ending one kind of mail with the link in it, signed in or not."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from distportal.accounts.models import User
from distportal.common.errors import NotFound
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, notice_kind, notice_kinds
from distportal.notices.models import NoticeChoice

DIGEST = "digest"
"""What a digest's own link ends: every kind that comes with it, but for what is mandatory."""
_SALT = "notices.unsubscribe"


def unsubscribe_path(user_id: UUID, kind: str) -> str:
    """The link that ends this kind of mail for this person; nobody else can make it."""
    return reverse("notices:unsubscribe", args=[signing.dumps([str(user_id), kind], salt=_SALT, compress=True)])


def read_token(token: str) -> tuple[User, str]:
    """The person and the kind of a link. Raises NotFound for one that we did not make."""
    try:
        user_id, kind = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise NotFound(_("This link is not one of ours, or it was cut off. Nothing was changed.")) from error
    user = User.objects.filter(pk=user_id).first()
    if user is None or (kind != DIGEST and notice_kind(kind) is None):
        raise NotFound(_("There is nothing to end any more."))
    return user, kind


@transaction.atomic
def unsubscribe(*, token: str) -> list[NoticeKind]:
    """The kinds that come no more by mail; in the portal they are still seen. Raises NotFound."""
    user, kind = read_token(token)
    made = {
        row.kind: row for row in NoticeChoice.objects.select_for_update(no_key=True).filter(user=user).order_by("pk")
    }
    ended = [known for known in notice_kinds() if not known.mandatory and _is_meant(known, kind, made.get(known.key))]
    for known in ended:
        NoticeChoice.objects.update_or_create(user=user, kind=known.key, defaults={"mail": Mode.OFF})
    return ended


def _is_meant(known: NoticeKind, kind: str, choice: NoticeChoice | None) -> bool:
    mode = choice.mail if choice else known.mail
    return mode == Mode.DIGEST if kind == DIGEST else known.key == kind
