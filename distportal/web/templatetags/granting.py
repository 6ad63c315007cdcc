"""What a page says of what somebody, or a key, may do."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from distportal.accounts.choices import Scope
from distportal.accounts.granting import role_givers
from distportal.accounts.permissions import Act
from distportal.accounts.standing import Standing

register = template.Library()


@register.simple_tag
def who_grants(standing: Standing | None, act: str) -> str:
    """What the role lacks and whose word it takes. Empty for our own people, also during a visit: no role of the
    dealer's holds them back.
    """
    if standing is None or standing.visit is not None:
        return ""
    return _("Your role does not include “%(act)s”. You can be given another one by: %(names)s.") % {
        "act": Act(act).label,
        "names": role_givers(standing.account),
    }


@register.filter
def scope_word(scope: str) -> str:
    """What a key with that scope may do; a scope of an older version stays as it is."""
    return str(Scope(scope).label) if scope in Scope.values else scope
