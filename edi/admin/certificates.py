"""Certificates in the back office: uploaded once, changed never but in when they are used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminPasswordWidget

from distportal.web.staff_admin import OperatorsAdmin
from edi.choices import Holder
from edi.models import Certificate
from edi.process.keys import store_certificate
from edi.transports.as2.certificates import UnusableCertificate, load_certificate, load_key_pair

MOST_UPLOAD = 256 * 1024


class CertificateForm(forms.ModelForm):  # type: ignore[type-arg]
    """An upload, or a change of when a stored certificate is used."""

    upload = forms.FileField(
        required=False,
        help_text="The partner's: a PEM or .cer file. Ours: a PKCS #12 file, or a PEM file with certificate and key.",
    )
    password = forms.CharField(required=False, widget=UnfoldAdminPasswordWidget, help_text="Of the private key")

    class Meta:
        model = Certificate
        fields = ("holder", "partner", "use", "from_at", "until_at")

    def clean(self) -> dict[str, Any]:
        """The uploaded certificate in `certificate` and, where it is ours, its pair in `pair`."""
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("upload")
        if self.instance._state.adding and upload is None:
            raise forms.ValidationError("Choose the file of the certificate.")
        if data.get("holder") == Holder.THEIRS and data.get("partner") is None:
            raise forms.ValidationError("Say whose it is.")
        if upload is None:
            return data
        try:
            if data.get("holder") == Holder.OURS:
                data["pair"] = load_key_pair(upload.read(MOST_UPLOAD), data.get("password", ""))
                data["certificate"] = data["pair"].certificate
            else:
                data["certificate"] = load_certificate(upload.read(MOST_UPLOAD))
        except UnusableCertificate as error:
            raise forms.ValidationError(str(error)) from error
        self.instance.sealed_key = "kept by the process" if "pair" in data else ""  # the row's own checks run on it
        return data


@admin.register(Certificate)
class CertificateAdmin(OperatorsAdmin):
    """Operators store certificates of partners and our own, and say from when to when each is used."""

    form = CertificateForm
    list_display = ("subject", "holder", "partner", "use", "from_at", "until_at", "valid_until")
    list_select_related = ("partner",)
    list_filter = ("holder", "use")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A stored certificate is never exchanged for another: only its time is changed."""
        if obj is not None:
            return ("subject", "fingerprint", "holder", "partner", "use", "valid_from", "valid_until", "from_at",
                    "until_at")  # fmt: skip
        return ("holder", "partner", "use", "upload", "password", "from_at", "until_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """All but its time, once it is stored."""
        stored = ("subject", "fingerprint", "holder", "partner", "use", "valid_from", "valid_until")
        return stored if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Certificate, form: forms.ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        """Stored by the process, with its key sealed."""
        if change:
            super().save_model(request, obj, form, change)
            return
        data = form.cleaned_data
        row = store_certificate(
            certificate=data["certificate"],
            pair=data.get("pair"),
            partner=data["partner"],
            use=data["use"],
            from_at=data["from_at"],
            until_at=data.get("until_at"),
        )
        obj.__dict__.update(row.__dict__)
