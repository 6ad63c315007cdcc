"""What operators fill in of a document."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from distportal.common.errors import DomainError
from distportal.uploads.cleaning import clean_file
from inventory.choices import DocumentKind, DocumentLanguage
from inventory.models import ItemDocument
from inventory.process.documents import DocumentFacts, check_facts


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A document and its next version; `seen` is the version that was on the screen."""

    skus = forms.CharField(
        label="Items", widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}), help_text="SKUs, a space between several"
    )
    internal = forms.BooleanField(
        label="For our own people alone", required=False, widget=UnfoldBooleanSwitchWidget(),
        help_text="Otherwise every dealer sees it on the item's page",
    )  # fmt: skip
    upload = forms.FileField(
        label="File", required=False, widget=UnfoldAdminFileFieldWidget(),
        help_text="A PDF up to 10 MiB, or a PNG, JPEG or WEBP picture up to 5 MiB",
    )  # fmt: skip
    valid_from = forms.DateField(
        required=False, widget=UnfoldAdminSingleDateWidget(), help_text="Until then dealers have the version before it"
    )
    valid_until = forms.DateField(
        required=False, widget=UnfoldAdminSingleDateWidget(), help_text="The last day on which dealers have it"
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput())
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    class Meta:
        model = ItemDocument
        fields = ("skus", "kind", "title", "language", "internal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        if row._state.adding:
            self.initial["token"] = uuid.uuid4()
            return
        last = row.versions.get(number=row.version)
        told = {"skus": " ".join(row.skus), "seen": row.version}
        self.initial.update(told, valid_from=last.valid_from, valid_until=last.valid_until)
        if "upload" in self.fields:
            self.fields["upload"].help_text += f". Without one, {last.name} stays"

    def clean_skus(self) -> list[str]:
        """One by one, in capitals as SKUs are."""
        return str(self.cleaned_data["skus"]).replace(",", " ").upper().split()

    def clean(self) -> dict[str, Any]:
        """What is said in `facts`, the clean file in `clean`; what was typed stays where somebody was faster."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        upload, row = data.get("upload"), self.instance
        if row._state.adding and upload is None:
            raise forms.ValidationError({"upload": "Choose the file."})
        if not row._state.adding and ItemDocument.objects.get(pk=row.pk).version != data.get("seen"):
            raise forms.ValidationError(
                "Somebody else replaced it meanwhile; yours was not saved. Open it again in another tab, compare, and "
                "save what still holds."
            )
        try:
            data["facts"] = _facts(data)
            data["clean"] = clean_file(upload) if upload else None
        except DomainError as error:
            raise forms.ValidationError(error.sentence) from error
        return data


class WithdrawForm(BaseDialogForm):  # type: ignore[misc]
    """Why; for our own people."""

    reason = forms.CharField(
        label="Reason (for our own people)", max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


def _facts(data: dict[str, Any]) -> DocumentFacts:
    facts = DocumentFacts(
        skus=data["skus"],
        kind=DocumentKind(data["kind"]),
        title=data["title"],
        language=DocumentLanguage(data["language"]) if data["language"] else None,
        internal=data["internal"],
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
    )
    check_facts(facts)
    return facts
