"""The language and the time zone in which a person is spoken to."""

from __future__ import annotations

from django.conf import settings

from distportal.accounts.models import Account, User
from distportal.common.errors import Invalid

ENGLISH = "en"


def language_of(user: User | None) -> str:
    """The code of the language of a person's mails: English for staff and for who has not chosen."""
    return (user.language if user and not user.is_staff else "") or ENGLISH


def zone_of(account: Account | None) -> str:
    """The account's time zone: that of its calendar, else the site's."""
    return account.calendar.time_zone if account and account.calendar else settings.TIME_ZONE


def set_language(*, user: User, language: str) -> None:
    """Pages and mails are in that language from now on. Raises Invalid for one that the portal does not speak."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid(f"the portal does not speak {language[:20]!r}; nothing was changed")
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language
