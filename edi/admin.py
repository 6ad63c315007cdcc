"""The back office of operations: who our partners are and where their mailboxes lie."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import StackedInline

from distportal.web.staff_admin import SeenByGroups, in_groups
from edi.choices import Holder, TransportKind
from edi.models import Certificate, Mailbox, TradingPartner
from edi.process.keys import store_certificate
from edi.transports.as2.certificates import UnusableCertificate, load_certificate, load_key_pair
from edi.transports.base import TransportError
from edi.transports.options import read_options
from edi.transports.registry import KINDS
from edi.transports.sealing import seal_all

OPERATORS = ("operator",)
MOST_UPLOAD = 256 * 1024
_CODE = re.compile(r"[A-Z0-9_-]+")
_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps out what could never travel: the code names files, the separators must differ."""

    def clean_code(self) -> str:
        """Letters, digits, dash and underscore."""
        code = str(self.cleaned_data["code"])
        if not _CODE.fullmatch(code):
            raise forms.ValidationError("Use capitals, digits, dash and underscore: the code names files.")
        return code

    def clean(self) -> dict[str, Any]:
        """Three different separators, none of them a letter or digit."""
        data: dict[str, Any] = super().clean() or {}
        used = [data.get(f"{name}", "") for name in ("element_separator", "component_separator", "segment_terminator")]
        if len(set(used)) != 3 or any(str(one).isalnum() for one in used):
            raise forms.ValidationError("The three separators must differ and must not be letters or digits.")
        return data


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps mailboxes below EDI_ROOT and settings to what their transport knows; secrets go in and never come out."""

    transport = forms.ChoiceField(choices=TransportKind.choices, required=False)
    password = forms.CharField(required=False, widget=forms.PasswordInput, help_text="SFTP; empty keeps what is stored")
    private_key = forms.CharField(required=False, widget=forms.Textarea, help_text="SFTP, instead of a password")
    passphrase = forms.CharField(required=False, widget=forms.PasswordInput, help_text="Of the private key")

    def clean_path(self) -> str:
        """A plain relative path."""
        path = str(self.cleaned_data["path"])
        if not _PATH.fullmatch(path):
            raise forms.ValidationError("Use letters, digits, dash and underscore, with / between folders.")
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


class MailboxInline(StackedInline):  # type: ignore[misc]
    """A partner's one mailbox."""

    model = Mailbox
    form = MailboxForm
    fields = (
        "path", "transport", "settings", "password", "private_key", "passphrase", "active", "polled_at", "checked_at",
        "check_result",
    )  # fmt: skip
    readonly_fields = ("polled_at", "checked_at", "check_result")
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)


class CertificateForm(forms.ModelForm):  # type: ignore[type-arg]
    """An upload, or a change of when a stored certificate is used."""

    upload = forms.FileField(
        required=False,
        help_text="The partner's: a PEM or .cer file. Ours: a PKCS #12 file, or a PEM file with certificate and key.",
    )
    password = forms.CharField(required=False, widget=forms.PasswordInput, help_text="Of the private key")

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
class CertificateAdmin(SeenByGroups):
    """Operators store certificates of partners and our own, and say from when to when each is used."""

    groups: ClassVar[tuple[str, ...]] = OPERATORS
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(TradingPartner)
class TradingPartnerAdmin(SeenByGroups):
    """Operators set partners up; nobody deletes one, its documents stay."""

    groups: ClassVar[tuple[str, ...]] = OPERATORS
    form = PartnerForm
    list_display = ("name", "code", "account", "their_id", "our_id", "release", "active")
    list_select_related = ("account",)
    list_filter = ("active", "release")
    search_fields = ("name", "code", "their_id")
    inlines = (MailboxInline,)
    fieldsets = (
        (None, {"fields": (("name", "code"), ("account", "active"))}),
        ("Identities", {"fields": (("their_qualifier", "their_id", "their_group_id"),
                                   ("our_qualifier", "our_id", "our_group_id"))}),
        ("What is agreed", {"fields": (("release", "accepted_releases"), ("inbound_sets", "outbound_sets"),
                                       ("usage", "asn_structure"), ("ack_wanted", "duplicate_window_days"),
                                       "credit_memo_sets")}),
        ("Separators", {"fields": (("element_separator", "component_separator", "segment_terminator"),)}),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
