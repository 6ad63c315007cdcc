"""What the library for signing in does otherwise here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.utils import translation

from distportal.accounts.models import User
from distportal.accounts.speaking import language_of, set_language
from distportal.notices.wording import write
from distportal.web.account_mails import account_content


class PortalAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: accounts are made by staff and by dealers' administrators. Mails are laid out as
    those of notices and speak the receiver's language.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}|{self.get_client_ip(request)}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The mail leaves at once and is stored nowhere, for its link opens an account."""
        person = context.get("user") or User.objects.filter(email=email.lower()).first()
        with translation.override(language_of(person) if person else translation.get_language()):
            written = write(account_content(template_prefix.rpartition("/")[2], {**context, "email": email}))
        mail = EmailMultiAlternatives(written.subject, written.text, settings.DEFAULT_FROM_EMAIL, [email])
        mail.attach_alternative(written.html, "text/html")
        mail.send()

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        """Who signs in on a page that speaks another language, and has chosen none, gets mails in it too."""
        spoken = translation.get_language()
        if not user.is_staff and not user.language and spoken != settings.LANGUAGE_CODE and spoken:
            set_language(user=user, language=spoken)
        return super().post_login(request, user, **kwargs)
