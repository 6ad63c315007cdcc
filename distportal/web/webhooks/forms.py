"""What people type about webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from distportal.webhooks.catalogue import event_kinds
from distportal.webhooks.models import Endpoint


class EndpointForm(forms.Form):
    """Where events go, and which."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Which system gets it."))
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("https, on port 443 or 8443, reachable from the internet.")
    )
    event_types = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        choices = [(kind.name, kind.title) for kind in event_kinds()]
        self.fields["event_types"].choices = choices  # type: ignore[attr-defined]  # of this kind of field

    @staticmethod
    def values_of(row: Endpoint) -> dict[str, Any]:
        """What is in the form of one that is there."""
        return {"name": row.name, "url": row.url, "event_types": row.event_types}


class RangeForm(forms.Form):
    """From when up to when."""

    since = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    until = forms.DateTimeField(label=_("Up to"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
