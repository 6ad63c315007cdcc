"""Quantities as forms send them: a field a line, named by a prefix and the line's number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from orders.errors import ReturnRefused


def typed_quantities(posted: Mapping[str, str], prefix: str, *, else_: str) -> dict[int, Decimal]:
    """`<prefix><number>` -> quantity of the fields that are filled in and not 0: nothing comes back by default.

    Raises ReturnRefused for what is no quantity; it ends with `else_`, what was not done.
    """
    found = {}
    for name, value in posted.items():
        if not name.startswith(prefix) or not value.strip():
            continue
        try:
            quantity, number = Decimal(value.strip()), int(name.removeprefix(prefix))
            if not quantity.is_finite() or quantity < 0:
                raise InvalidOperation
        except (InvalidOperation, ValueError) as error:
            told = _("%(value)s is no quantity; %(else)s") % {"value": value[:20], "else": else_}
            raise ReturnRefused(told) from error
        if quantity:
            found[number] = quantity
    return found
