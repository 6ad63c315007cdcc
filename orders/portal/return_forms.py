"""What a return form says: quantities by line, reasons, wishes, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from distportal.accounts.models import Account
from distportal.common.images import MOST_BYTES
from orders.choices import ReturnReason, ReturnWish
from orders.errors import ReturnRefused
from orders.process.return_asking import MOST_PHOTOS, Wanted
from orders.process.typed_quantities import typed_quantities
from orders.queries.returns import billed_lines

Choice = TypeVar("Choice", ReturnReason, ReturnWish)


class ReturnForm(forms.Form):
    """What holds for the whole return."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    reference = forms.CharField(max_length=60, required=False)
    note = forms.CharField(max_length=2000, required=False)


def read_wanted(posted: Mapping[str, str], account: Account) -> list[Wanted]:
    """The lines with a quantity; a line of somebody else is as one that does not exist. Raises ReturnRefused."""
    quantities = typed_quantities(posted, "quantity.", else_=_("nothing was sent"))
    lines = {line.pk: line for line in billed_lines(account).filter(pk__in=quantities).exclude(item=None)}
    if set(lines) != set(quantities):
        raise ReturnRefused(_("A chosen line was not billed to you; nothing was sent"))
    return [
        Wanted(
            line=lines[pk],
            quantity=quantity,
            reason=_choice(ReturnReason, posted.get(f"reason.{pk}", "")),
            wish=_choice(ReturnWish, posted.get(f"wish.{pk}", "credit")),
        )
        for pk, quantity in quantities.items()
    ]


def read_photos(files: list[UploadedFile[Any]]) -> list[bytes]:
    """The bytes of the pictures. Raises ReturnRefused for too many or too big ones."""
    if len(files) > MOST_PHOTOS:
        raise ReturnRefused(_("At most %(most)s pictures; nothing was sent") % {"most": MOST_PHOTOS})
    for file in files:
        if (file.size or 0) > MOST_BYTES:
            raise ReturnRefused(_("%(name)s has more than 5 MiB; nothing was sent") % {"name": str(file.name)[:60]})
    return [file.read() for file in files]


def _choice(kind: type[Choice], value: str) -> Choice:
    if value not in kind.values:
        raise ReturnRefused(_("Choose a reason for each line; nothing was sent"))
    return kind(value)
