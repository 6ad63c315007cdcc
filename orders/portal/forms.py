"""What dealers type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.choices import DisputeReason


class DisputeForm(forms.Form):
    """Why, and in the buyer's words."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What is wrong?"), choices=[one for one in DisputeReason.choices if one[0] != DisputeReason.UNSTATED]
    )
    note = forms.CharField(
        label=_("Tell us more"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
