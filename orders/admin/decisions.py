"""What finance fills in to decide a dispute."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from distportal.accounts.models import User
from orders.choices import DenyReason, DisputeOutcome, DisputeStatus, RootCause, WriteOffReason
from orders.models import Dispute

NONE = [("", "none")]
CAUSES = [("", "choose one"), *RootCause.choices]
"""None is chosen beforehand: reports by cause would tell of whichever stands first."""


class ReasonForm(BaseDialogForm):  # type: ignore[misc]
    """Why; the dealer reads it."""

    reason = forms.CharField(
        label="Reason (the dealer reads it)", max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class InternalReasonForm(BaseDialogForm):  # type: ignore[misc]
    """Why; for our own people."""

    reason = forms.CharField(
        label="Reason (for our own people)", max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class ApproveForm(ReasonForm):
    """How much, whose cause it was, and why; starts with what was claimed, or with what the first person proposed."""

    amount = forms.DecimalField(
        label="Credit", min_value=0, max_digits=14, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget()
    )
    outcome = forms.ChoiceField(
        label="As", required=False, widget=UnfoldAdminSelectWidget(),
        choices=[(one.value, one.label) for one in (DisputeOutcome.CREDIT, DisputeOutcome.WRITE_OFF)],
    )  # fmt: skip
    write_off_reason = forms.ChoiceField(
        label="A write-off because", required=False, choices=[*NONE, *WriteOffReason.choices],
        widget=UnfoldAdminSelectWidget(),
    )  # fmt: skip
    root_cause = forms.ChoiceField(label="Cause", choices=CAUSES, widget=UnfoldAdminSelectWidget())
    field_order = ("amount", "outcome", "write_off_reason", "root_cause", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dispute = Dispute.objects.get(pk=self.object_id)
        decided = dispute.status in (DisputeStatus.WAITING_APPROVAL, DisputeStatus.PROPOSED)
        self.fields["amount"].initial = dispute.amount_approved if decided else dispute.amount_claimed
        self.fields["amount"].label = f"Credit in {dispute.currency}, of {dispute.amount_claimed} claimed"
        for name in ("root_cause", "outcome", "write_off_reason"):
            self.fields[name].initial = getattr(dispute, name)

    def decision(self) -> dict[str, Any]:
        """As the process takes it."""
        data = self.cleaned_data
        return {
            "amount": data["amount"],
            "root_cause": RootCause(data["root_cause"]),
            "reason": data["reason"],
            "outcome": DisputeOutcome(data["outcome"] or DisputeOutcome.CREDIT),
            "write_off_reason": WriteOffReason(data["write_off_reason"]) if data["write_off_reason"] else None,
        }


class RejectForm(ReasonForm):
    """Why nothing is credited: a code for the reports, the cause, and the words of the letter."""

    deny_reason = forms.ChoiceField(
        label="Denied because", choices=[*NONE, *DenyReason.choices], required=False, widget=UnfoldAdminSelectWidget()
    )
    root_cause = forms.ChoiceField(
        label="Cause", choices=[*NONE, *RootCause.choices], required=False, widget=UnfoldAdminSelectWidget()
    )
    field_order = ("deny_reason", "root_cause", "reason")


class AskForm(ReasonForm):
    """The question, and when we look again."""

    reply_by = forms.DateField(
        label="Answer wanted by", widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        initial=lambda: timezone.localdate() + dt.timedelta(days=14),
    )  # fmt: skip
    field_order = ("reason", "reply_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Question (the dealer reads it)"


class SplitForm(ReasonForm):
    """The amounts of the parts."""

    amounts = forms.CharField(
        label="Amounts of the parts", widget=UnfoldAdminTextInputWidget(), help_text="One after the other: 40.00 20.00"
    )
    field_order = ("amounts", "reason")

    def clean_amounts(self) -> list[Decimal]:
        """The amounts. Raises ValidationError for what is no number."""
        try:
            return [Decimal(one) for one in str(self.cleaned_data["amounts"]).replace(";", " ").split()]
        except InvalidOperation as error:
            raise forms.ValidationError("Write numbers with a space between them: 40.00 20.00") from error


class AssignForm(InternalReasonForm):
    """Who owns it in which role."""

    role = forms.ChoiceField(
        label="As", widget=UnfoldAdminSelectWidget(),
        choices=[("coordinator", "Coordinator"), ("processor", "Processor"), ("responsible", "Person responsible")],
    )  # fmt: skip
    to = forms.ModelChoiceField(
        label="Who", required=False, queryset=User.objects.none(), empty_label="nobody",
        widget=UnfoldAdminSelectWidget(),
    )  # fmt: skip
    field_order = ("role", "to", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, is_staff=True, groups__name="finance").order_by("email")
        self.fields["to"].queryset = people


class CauseForm(BaseDialogForm):  # type: ignore[misc]
    """Why it came to the dispute."""

    root_cause = forms.ChoiceField(label="Cause", choices=CAUSES, widget=UnfoldAdminSelectWidget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["root_cause"].initial = Dispute.objects.get(pk=self.object_id).root_cause


class SureForm(BaseDialogForm):  # type: ignore[misc]
    """Nothing to fill in."""
