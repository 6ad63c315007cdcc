"""What the mails about signing in say: passwords, addresses, second factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distportal.notices.kinds import Words
from distportal.notices.samples import Sample, add_sample
from distportal.notices.wording import Content, absolute

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AccountMail:
    """One mail: `link` is the fact with the address of its button, `code` that with a code to type; what only tells of
    a change (`told`) says what to do if it was somebody else.
    """

    subject: Words
    sentence: Words
    action: Words = ""
    link: str = ""
    code: str = ""
    told: bool = False


def _told(sentence: Words) -> AccountMail:
    return AccountMail(sentence, sentence, told=True)


_CONFIRM = AccountMail(
    _("Confirm your e-mail address"), _("Confirm that %(email)s is your address in the Northline portal."),
    action=_("Confirm the address"), link="activate_url", code="code",
)  # fmt: skip
MAILS: Mapping[str, AccountMail] = {
    "password_reset_key": AccountMail(
        _("Choose a new password"), _("Somebody, you we hope, asked for a new password for %(email)s."),
        action=_("Choose a new password"), link="password_reset_url",
    ),
    "password_reset_code": AccountMail(
        _("Your code for a new password"), _("Type this code where you asked for a new password."), code="code"
    ),
    "unknown_account": AccountMail(
        _("No sign-in with this address"),
        _("Somebody, you perhaps, asked for a new password for %(email)s. There is no sign-in with this address: an administrator of your company can invite you."),  # noqa: E501
    ),
    "account_already_exists": AccountMail(
        _("You have a sign-in already"), _("There is a sign-in with %(email)s already. Forgot the password? Choose a new one."),  # noqa: E501
        action=_("Choose a new password"), link="password_reset_url",
    ),
    "login_code": AccountMail(_("Your code to sign in"), _("Type this code where you sign in."), code="code"),
    "email_confirmation": _CONFIRM,
    "email_confirmation_signup": _CONFIRM,
    "email_changed": _told(_("Your address in the portal was changed from %(from_email)s to %(to_email)s.")),
    "email_confirm": _told(_("Your e-mail address is confirmed.")),
    "email_deleted": _told(_("The address %(deleted_email)s was taken off your sign-in.")),
    "password_changed": _told(_("Your password was changed.")),
    "password_reset": _told(_("Your password was set anew.")),
    "password_set": _told(_("A password was set for your sign-in.")),
    "totp_activated": _told(_("An authenticator app was added to your sign-in.")),
    "totp_deactivated": _told(_("The authenticator app was taken off your sign-in.")),
    "webauthn_added": _told(_("A passkey or security key was added to your sign-in.")),
    "webauthn_removed": _told(_("A passkey or security key was taken off your sign-in.")),
    "recovery_codes_generated": _told(_("New recovery codes were made for your sign-in; the old ones are void.")),
}  # fmt: skip
"""By the name of the library's template; a test holds that none of its mails is missing."""

_SAMPLE = {
    "email": "buyer@dealer.example", "from_email": "old@dealer.example", "to_email": "buyer@dealer.example",
    "deleted_email": "old@dealer.example", "code": "K7PX-2M9R", "activate_url": "/accounts/", "password_reset_url": "/",
}  # fmt: skip


def account_content(name: str, facts: Facts) -> Content:
    """The mail of that name, in the active language. Raises KeyError for a name that there is none of."""
    mail = MAILS[name]
    link = str(facts.get(mail.link) or "") if mail.link else ""
    shown = {key: str(value) for key, value in facts.items()}
    return Content(
        subject=str(mail.subject) % shown,
        sentence=str(mail.sentence) % shown,
        rows=[(gettext("Code"), str(facts[mail.code]))] if mail.code and facts.get(mail.code) else [],
        action=str(mail.action),
        action_url=link if "://" in link else absolute(link),
        reason=_if_not_you(told=mail.told),
    )


def _if_not_you(*, told: bool) -> str:
    if told:
        return gettext("Was it not you? Choose a new password and tell an administrator of your company.")
    return gettext("Was it not you? Do nothing: without this mail nothing can be changed.")


def _subject(mail: AccountMail) -> str:
    return str(mail.subject) % _SAMPLE


_subject_of = lazy(_subject, str)
"""As the reader's language has it when the list of mails is shown."""


def add_account_samples() -> None:
    """All of them on the page of mails."""
    for name, mail in MAILS.items():
        add_sample(Sample(name, _("Signing in"), _subject_of(mail), partial(account_content, name, _SAMPLE)))
