"""A dealer asks us about something that the search does not find."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from distportal.common.errors import Invalid
from exceptions.process.cases import open_case
from inventory.queries.items import normalise_code

CASE_KIND = "catalogue.question"
MOST = 300


@transaction.atomic
def ask_for_item(*, account: Account, user: User, looked_for: str, question: str = "") -> int:
    """The number of the case in which customer service answers; the same text of the same account asked again is the
    same open case. Raises Invalid without a text, and NotAllowed for a role that does not write to us.
    """
    require_act(user=user, account_id=account.pk, act=Act.WRITE_MESSAGES)
    code = normalise_code(looked_for)
    if not code:
        raise Invalid(_("Say what you look for: a code or a name. Nothing was sent."))
    asked = f": {question.strip()[:MOST]}" if question.strip() else ""
    case = open_case(
        kind=CASE_KIND,
        code=code,
        subject_type="account",
        subject_id=str(account.pk),
        sentence=f"{user.name or user.email} of {account.name} looks for “{looked_for.strip()[:80]}”{asked}",
        account=account,
        data={"looked_for": looked_for.strip()[:80], "asked_by": user.email, "question": question.strip()[:MOST]},
    )
    return case.number
