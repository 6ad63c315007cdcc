"""Who can give a dealer's person more rights."""

from __future__ import annotations

from django.utils.translation import gettext as _

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership

MOST = 3


def role_givers(account: Account) -> str:
    """Names of up to three people who administer the account, by name; of the parent company where it has none of its
    own, and of our customer service where there is no parent either. To be put into a sentence.
    """
    rows = Membership.objects.filter(account=account, active=True, role=Role.ADMIN, user__is_active=True)
    names = list(rows.order_by("user__name", "user__email").values_list("user__name", "user__email")[:MOST])
    if names:
        return ", ".join(name or email for name, email in names)
    if account.parent is not None:
        return _("the administrators of %(company)s") % {"company": account.parent.name}
    return _("our customer service")
