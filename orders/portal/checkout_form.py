"""What a dealer types into the cart's page, read into what the cart keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import ShipTo
from distportal.canonical.base import from_json
from distportal.canonical.parts import Address
from orders.choices import LineShipping, Shipping
from orders.models import Draft
from orders.process.cart_saving import CheckoutSaid, LineSaid, one_off_allowed

ADDRESS = ("name", "street", "city", "region", "postcode")


class CheckoutForm(forms.Form):
    """Where to, under which PO number, when and how; bound to a post, or filled from the cart as it was kept."""

    ship_to = forms.ModelChoiceField(ShipTo.objects.none(), label=_("Ship to"), required=False, empty_label=None)
    elsewhere = forms.BooleanField(label=_("Ship to an address that is not on file"), required=False)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    street = forms.CharField(label=_("Street"), max_length=60, required=False)
    city = forms.CharField(label=_("City"), max_length=30, required=False)
    region = forms.CharField(label=_("State"), max_length=2, required=False)
    postcode = forms.CharField(label=_("ZIP code"), max_length=15, required=False)
    po_number = forms.CharField(label=_("Your PO number"), max_length=22, required=False)
    requested_on = forms.DateField(label=_("Wanted on"), required=False)
    cancel_after = forms.DateField(label=_("Cancel what has not left after"), required=False)
    shipping = forms.ChoiceField(label=_("Ship"), choices=Shipping.choices, required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.draft = draft
        places = ShipTo.objects.filter(account=draft.account_id, active=True)
        self.fields["ship_to"].queryset = places  # type: ignore[attr-defined]
        for name in ("requested_on", "cancel_after"):
            self.fields[name].widget = forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "min": timezone.localdate().isoformat()}
            )
        self.fields["po_number"].required = False
        self.initial = _kept(draft)
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = "off"
            if self.is_bound and name in self.errors:
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"wrong-{name}"}

    def clean_requested_on(self) -> dt.date | None:
        """Not in the past."""
        return self._ahead("requested_on")

    def clean_cancel_after(self) -> dt.date | None:
        """Not in the past."""
        return self._ahead("cancel_after")

    def _ahead(self, name: str) -> dt.date | None:
        day: dt.date | None = self.cleaned_data[name]
        if day and day < timezone.localdate():
            raise forms.ValidationError(gettext("This day has passed; choose today or later."))
        return day

    def clean(self) -> dict[str, Any]:
        """A new address is whole, and the order is not cancelled before it is wanted."""
        data = super().clean() or {}
        if data.get("elsewhere"):
            for name in ADDRESS:
                if not data.get(name):
                    self.add_error(name, gettext("Needed for a new address."))
            if not one_off_allowed(self.draft):
                self.add_error("elsewhere", gettext("Your company orders to places on file only."))
        wanted, last = data.get("requested_on"), data.get("cancel_after")
        if wanted and last and last < wanted:
            self.add_error("cancel_after", gettext("This is before the day on which it is wanted."))
        return data

    def said(self) -> CheckoutSaid:
        """The cleaned values."""
        data = self.cleaned_data
        elsewhere = Address(**{name: data[name] for name in ADDRESS}) if data["elsewhere"] else None
        return CheckoutSaid(
            ship_to=data["ship_to"],
            one_off=elsewhere,
            po_number=data["po_number"],
            requested_on=data["requested_on"],
            cancel_after=data["cancel_after"],
            shipping=Shipping(data["shipping"] or Shipping.AVAILABLE),
            note=data["note"],
        )


def _kept(draft: Draft) -> dict[str, Any]:
    kept = {name: getattr(draft, name) for name in ("po_number", "requested_on", "cancel_after", "shipping", "note")}
    if not draft.one_off:
        return {**kept, "ship_to": draft.ship_to_id}
    address = from_json(Address, draft.one_off)
    return {**kept, "ship_to": draft.ship_to_id, "elsewhere": True} | {name: getattr(address, name) for name in ADDRESS}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSaid:
    """What was typed for the lines; `wrong` is field name -> what was typed there and cannot be read."""

    lines: dict[int, LineSaid]
    wrong: dict[str, str]


def read_lines(post: Mapping[str, str]) -> LinesSaid:
    """Fields are called `quantity.7`, `unit.7`, `note.7`, `ship.7` and `share.7.<ship-to>`, 7 being the line's id."""
    found: dict[int, dict[str, Any]] = {}
    wrong: dict[str, str] = {}
    for name, text in post.items():
        kind, _, rest = name.partition(".")
        number, _, place = rest.partition(".")
        if kind not in ("quantity", "unit", "note", "ship", "share") or not number.isdecimal():
            continue
        line = found.setdefault(int(number), {"shares": {}})
        try:
            _take(line, kind, place, str(text))
        except (InvalidOperation, ValueError):
            wrong[name] = str(text)
    return LinesSaid(lines={pk: LineSaid(**said) for pk, said in found.items()}, wrong=wrong)


def _take(line: dict[str, Any], kind: str, place: str, text: str) -> None:
    if kind == "quantity":
        line["quantity"] = _number(text)
    elif kind == "share":
        line["shares"][UUID(place)] = _number(text or "0")
    elif kind == "ship":
        line["shipping"] = LineShipping(text).value
    else:
        line[kind] = text


def _number(text: str) -> Decimal:
    number = Decimal(text.strip().replace(",", ""))
    if not number.is_finite():
        raise ValueError(text)
    return number
