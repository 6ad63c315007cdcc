"""A partner's mailbox in the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from distportal.systems.sftp.base import TransportError
from distportal.web.staff_admin import ByOperators
from edi.choices import TransportKind
from edi.models import Mailbox
from edi.process.partner_rules import problem_with_path
from edi.transports.options import read_options
from edi.transports.registry import KINDS
from edi.transports.sealing import seal_all


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps mailboxes below EDI_ROOT and settings to what their transport knows; secrets go in and never come out."""

    transport = forms.ChoiceField(choices=TransportKind.choices, required=False, widget=UnfoldAdminSelectWidget)
    password = forms.CharField(
        required=False, widget=UnfoldAdminPasswordWidget, help_text="SFTP; empty keeps what is stored"
    )
    private_key = forms.CharField(
        required=False, widget=UnfoldAdminTextareaWidget, help_text="SFTP, instead of a password"
    )
    passphrase = forms.CharField(required=False, widget=UnfoldAdminPasswordWidget, help_text="Of the private key")

    def clean_path(self) -> str:
        """A plain relative path."""
        path = str(self.cleaned_data["path"])
        problem = problem_with_path(path)
        if problem:
            raise forms.ValidationError(problem)
        return path

    def clean_transport(self) -> str:
        """A folder, where nothing else is said."""
        return str(self.cleaned_data["transport"] or TransportKind.FOLDER)

    def clean(self) -> dict[str, Any]:
        """Settings that fit, and the sealed secrets where new ones were entered."""
        data: dict[str, Any] = super().clean() or {}
        try:
            read_options(KINDS[data.get("transport", TransportKind.FOLDER)].options, data.get("settings") or {})
        except TransportError as error:
            self.add_error("settings", str(error))
        secrets = {name: data.get(name, "") for name in ("password", "private_key", "passphrase")}
        if any(secrets.values()):
            self.instance.secret = seal_all(secrets)
        return data


class MailboxInline(ByOperators, StackedInline):  # type: ignore[misc]
    """A partner's one mailbox."""

    model = Mailbox
    form = MailboxForm
    fields = (
        "path", "transport", "settings", "password", "private_key", "passphrase", "active", "polled_at", "checked_at",
        "check_result",
    )  # fmt: skip
    readonly_fields = ("polled_at", "checked_at", "check_result")
    can_delete = False
