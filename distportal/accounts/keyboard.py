"""Whether single keys do something for a person."""

from __future__ import annotations

from distportal.accounts.models import User


def set_single_keys(*, user: User, on: bool) -> None:
    """Letters alone do something on pages, on every device of the person, or nothing at all from now on."""
    User.objects.filter(pk=user.pk).update(single_keys=on)
    user.single_keys = on
