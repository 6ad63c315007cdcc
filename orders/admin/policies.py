"""What a finding of the rules does, for an account or for everybody; only administrators set it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from distportal.accounts.models import Account
from distportal.web.staff_admin import SeenByGroups
from orders.models import RulePolicy
from orders.process.policy import CODES, FIGURES
from orders.queries.questions import SWITCH


class RulePolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A known code with the figures that belong to it."""

    account_code = forms.CharField(
        label="Account", required=False, max_length=40, widget=UnfoldAdminTextInputWidget(),
        help_text="Our account code; empty is everybody",
    )  # fmt: skip
    code = forms.ChoiceField(choices=CODES, widget=UnfoldAdminSelectWidget(), help_text="What the rules found")
    per_line = forms.IntegerField(
        label="Warehouses a line", required=False, min_value=1, max_value=20, widget=UnfoldAdminIntegerFieldWidget()
    )
    per_order = forms.IntegerField(
        label="Warehouses an order", required=False, min_value=1, max_value=20, widget=UnfoldAdminIntegerFieldWidget()
    )
    least_part = forms.DecimalField(
        label="Least part of a further warehouse, in the unit that was ordered",
        required=False, min_value=0, max_digits=12, decimal_places=3, widget=UnfoldAdminDecimalFieldWidget(),
    )  # fmt: skip
    amount = forms.DecimalField(
        label="Least amount of an order",
        required=False, min_value=0, max_digits=12, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget(),
    )  # fmt: skip

    days = forms.IntegerField(
        label="Days from the invoice's date", required=False, min_value=0, max_value=3650,
        widget=UnfoldAdminIntegerFieldWidget(),
    )  # fmt: skip
    dealer_answers = forms.ChoiceField(
        label="Its dealer may answer in the portal", required=False, widget=UnfoldAdminSelectWidget(),
        choices=[("", "As usual for this code"), ("yes", "Yes"), ("no", "No, only our people")],
    )  # fmt: skip

    class Meta:
        model = RulePolicy
        fields = ("code", "action")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account_code"].initial = self.instance.account.code if self.instance.account else ""
        for name in (*self._figures(), SWITCH):
            self.fields[name].initial = self.instance.data.get(name)

    def _figures(self) -> list[str]:
        return [name for names in FIGURES.values() for name in names]

    def clean_account_code(self) -> str:
        """The account is one we have, and has no such policy yet."""
        code = str(self.cleaned_data["account_code"]).strip()
        self.instance.account = Account.objects.filter(code=code).first() if code else None
        if code and self.instance.account is None:
            raise forms.ValidationError(f"There is no account {code}.")
        return code

    def clean(self) -> dict[str, Any]:
        """Figures that belong to another code are a mistake that is told."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        known = FIGURES.get(data.get("code", ""), ())
        for name in self._figures():
            if data.get(name) is not None and name not in known:
                self.add_error(name, "This figure does not belong to that code.")
        same = RulePolicy.objects.filter(account=self.instance.account, code=data.get("code", ""))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("code", "There is such a policy already; change that one.")
        return data

    def save(self, commit: bool = True) -> Any:
        """The figures are kept beside what else was agreed."""
        ours = {*self._figures(), SWITCH}
        kept = {name: value for name, value in self.instance.data.items() if name not in ours}
        told = {name: self.cleaned_data.get(name) for name in (*FIGURES.get(self.cleaned_data["code"], ()), SWITCH)}
        self.instance.data = {**kept, **{name: str(value) for name, value in told.items() if value not in (None, "")}}
        return super().save(commit)


@admin.register(RulePolicy)
class RulePolicyAdmin(SeenByGroups):
    """Operations and customer service see the policies; an account's own counts before everybody's."""

    groups: ClassVar[tuple[str, ...]] = ("operator", "agent")
    form = RulePolicyForm
    list_display = ("code", "account", "action", "data")
    list_filter = ("code", "action")
    list_select_related = ("account",)
    search_fields = ("code", "account__code", "account__name")
    fieldsets = (
        (None, {"fields": ("account_code", "code", "action")}),
        ("In the portal", {"fields": ("dealer_answers",)}),
        ("Figures", {"fields": ("per_line", "per_order", "least_part", "amount", "days")}),
    )
