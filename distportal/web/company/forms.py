"""What a company's administrators type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from distportal.accounts.choices import Role, Scope
from distportal.accounts.keys import DEALER_SCOPES
from distportal.accounts.models import ShipTo
from distportal.accounts.networks import clean_networks
from distportal.accounts.places import Place
from distportal.common.errors import Invalid


class PlainForm(forms.Form):
    """Labels without colons; errors are pointed at by the fields themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class InviteForm(PlainForm):
    """Who is asked, and as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.BUYER)


class MemberForm(PlainForm):
    """Role and limits of one person."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    order_limit = forms.DecimalField(
        label=_("Limit per order"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("Above it an order needs approval. Empty: no limit."),
    )  # fmt: skip
    daily_limit = forms.DecimalField(
        label=_("Limit per day"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("All orders of one day together. Empty: no limit."),
    )  # fmt: skip
    monthly_limit = forms.DecimalField(
        label=_("Limit per month"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("All orders of one calendar month together. Empty: no limit."),
    )  # fmt: skip


class PlaceForm(PlainForm):
    """A delivery address."""

    name = forms.CharField(label=_("Name"), max_length=120)
    street = forms.CharField(label=_("Street"), max_length=120)
    city = forms.CharField(label=_("City"), max_length=60)
    region = forms.CharField(label=_("State or region"), max_length=10)
    postcode = forms.CharField(label=_("Postcode"), max_length=15)
    country = forms.RegexField("^[A-Za-z]{2}$", label=_("Country"), initial="US", help_text=_("Two letters, as in US."))
    buyer_code = forms.CharField(
        label=_("Your code for it"), max_length=80, required=False,
        help_text=_("What your own papers and EDI call this place."),
    )  # fmt: skip

    @staticmethod
    def values_of(row: ShipTo) -> dict[str, str]:
        """What is in the form of a place that is there."""
        return {name: getattr(row, name) for name in PlaceForm.base_fields}

    def place(self) -> Place:
        """The cleaned values."""
        data = self.cleaned_data
        return Place(**{**data, "country": data["country"].upper()})


class KeyForm(PlainForm):
    """A new key: who uses it, for what, and until when."""

    name = forms.CharField(label=_("Name"), max_length=50, help_text=_("Which system uses it."))
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=[(one.value, one.label) for one in DEALER_SCOPES],
        widget=forms.CheckboxSelectMultiple, initial=[Scope.ORDERS_READ],
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("Ends after"), coerce=int, initial="90",
        choices=[("30", _("30 days")), ("90", _("90 days")), ("365", _("a year"))],
    )  # fmt: skip
    networks = forms.CharField(
        label=_("Only from these addresses"), max_length=1000, required=False,
        help_text=_("203.0.113.0/24, a space between several. Empty: from anywhere."),
    )  # fmt: skip

    def clean_networks(self) -> str:
        """The ranges in one spelling; what is none is told beside the field, with all else kept."""
        try:
            return clean_networks(str(self.cleaned_data["networks"]))
        except Invalid as error:
            raise forms.ValidationError(error.message) from error
