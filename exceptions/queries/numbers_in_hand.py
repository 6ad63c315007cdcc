"""Cases by their number, for the people of the desk."""

from __future__ import annotations

from collections.abc import Iterator

from distportal.accounts.models import User
from distportal.events.finding import Found, Number
from exceptions.models import Case


def cases_numbered(number: Number, user: User) -> Iterator[Found]:
    """The case `E-12`; nothing for dealers, who know of no cases."""
    ours = number.digits("E")
    if ours is None or not user.is_staff:
        return
    for row in Case.objects.filter(number=ours):
        yield Found(
            kind="Case", title=str(row), detail=row.sentence, correlation_id=row.correlation_id, step=f"case:{row.pk}"
        )
