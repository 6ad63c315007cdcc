"""What dealers type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from distportal.accounts.models import ShipTo
from orders.choices import DisputeReason
from orders.models import Draft
from orders.process.drafts import Checkout


class CheckoutForm(forms.Form):
    """Where to, under which PO number, and when."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    ship_to = forms.ModelChoiceField(ShipTo.objects.none(), label="Ship to", empty_label=None)
    po_number = forms.CharField(label="Your PO number", max_length=22)
    requested_on = forms.DateField(label="Wanted on", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ship_complete = forms.BooleanField(label="Ship only when complete", required=False)
    note = forms.CharField(label="Note", required=False, max_length=200)

    def __init__(self, *args: Any, places: QuerySet[ShipTo], draft: Draft | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["ship_to"].queryset = places  # type: ignore[attr-defined]
        if draft is not None:
            self.initial = {"token": draft.pk}

    def checkout(self) -> Checkout:
        """The cleaned values."""
        data = self.cleaned_data
        return Checkout(
            ship_to=data["ship_to"],
            po_number=data["po_number"],
            requested_on=data["requested_on"],
            ship_complete=data["ship_complete"],
            note=data["note"],
        )


class DisputeForm(forms.Form):
    """Why, and in the buyer's words."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="What is wrong?", choices=[one for one in DisputeReason.choices if one[0] != DisputeReason.UNSTATED]
    )
    note = forms.CharField(
        label="Tell us more", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
