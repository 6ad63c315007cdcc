"""The words of letters: finance writes the next version and sees beforehand how it reads."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from distportal.common.errors import DomainError
from distportal.web.staff_admin import StaffReadAdmin, in_groups
from orders.choices import LetterKind
from orders.models import LetterTemplate
from orders.process.letter_words import SAMPLE, fill, save_words, unknown_placeholders, words_of


class WordsForm(forms.Form):
    """Subject and text; `version` is the one that the person began with."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    subject = forms.CharField(max_length=160, widget=UnfoldAdminTextInputWidget())
    body = forms.CharField(max_length=8000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 16}))


@admin.register(LetterTemplate)
class LetterTemplateAdmin(StaffReadAdmin):
    """Every version that there was; the newest of a kind is used."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("__str__", "subject", "written_by", "written_at")
    list_filter = ("kind",)
    fields = (("kind", "version"), "subject", "body", ("written_by", "written_at"))
    list_before_template = "orders/admin/letter_list_head.html"
    while_empty = "Letters have the words that the portal came with until you write a version of your own above."

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = path("write/<slug:kind>/", self.admin_site.admin_view(self.write), name="orders_lettertemplate_write")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a link to write each kind."""
        return super().changelist_view(request, {"letter_kinds": LetterKind.choices, **(extra_context or {})})  # type: ignore[no-any-return]

    def write(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The words of one kind, to be changed; a preview with made-up facts below."""
        if not in_groups(request, self.groups):
            raise PermissionDenied("This page belongs to finance.")
        if kind not in LetterKind.values:
            raise Http404
        current = words_of(kind)
        told = {"version": current.version, "subject": current.subject, "body": current.body}
        form = WordsForm(request.POST or None, initial=told)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            if "preview" not in request.POST and self._saved(request, kind, told):
                return HttpResponseRedirect(reverse("admin:orders_lettertemplate_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Letter: {LetterKind(kind).label}", "opts": self.opts, "form": form, "current": current,
            "placeholders": [(f"{{{name}}}", text) for name, text in SAMPLE.items()],
            "unknown": unknown_placeholders(str(told["subject"]), str(told["body"])),
            "preview_subject": fill(str(told["subject"]), SAMPLE), "preview_body": fill(str(told["body"]), SAMPLE),
        }  # fmt: skip
        return TemplateResponse(request, "orders/admin/letter_write.html", context)

    def _saved(self, request: HttpRequest, kind: str, told: dict[str, Any]) -> bool:
        try:
            row = save_words(kind=kind, version=told["version"], subject=told["subject"], body=told["body"])
        except DomainError as error:
            messages.error(request, error.message)
            return False
        messages.success(request, f"{row} is used from now on.")
        return True
