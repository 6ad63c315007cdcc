"""What finance fills in to decide a dispute."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from orders.choices import DisputeStatus, RootCause
from orders.models import Dispute


class ReasonForm(BaseDialogForm):  # type: ignore[misc]
    """Why; the dealer reads it."""

    reason = forms.CharField(
        label="Reason (the dealer reads it)", max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class ApproveForm(ReasonForm):
    """How much, whose cause it was, and why; starts with what was claimed, or with what the first person proposed."""

    amount = forms.DecimalField(
        label="Credit", min_value=0, max_digits=14, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget()
    )
    root_cause = forms.ChoiceField(label="Cause", choices=RootCause, widget=UnfoldAdminSelectWidget())
    field_order = ("amount", "root_cause", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dispute = Dispute.objects.get(pk=self.object_id)
        waits = dispute.status == DisputeStatus.WAITING_APPROVAL
        self.fields["amount"].initial = dispute.amount_approved if waits else dispute.amount_claimed
        self.fields["root_cause"].initial = dispute.root_cause
        self.fields["amount"].label = f"Credit in {dispute.currency}, of {dispute.amount_claimed} claimed"
