"""Senders and what they posted, for operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.choices import StaffGroup
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.done import done, with_reason
from distportal.web.paging import peeked_page
from distportal.web.secrets_once import shown_once
from distportal.webhooks.choices import ReceivedState, Scheme
from distportal.webhooks.models import Received, Sender
from distportal.webhooks.receiving import use_received
from distportal.webhooks.senders import Signing, make_sender, replace_sender_secret, switch_sender
from distportal.webhooks.uses import use_kind, use_kinds

TEAM = staff_view(StaffGroup.OPERATOR)
ONE, ALL = "webhooks:sender", "webhooks:senders"
MOST_SHOWN_BYTES = 4000


class SecretForm(forms.Form):
    """The sender's own secret, where it gives one."""

    secret = forms.CharField(
        label="Secret", max_length=200, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="The one that the sender shows. Empty: a new one is made and shown once.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class SenderForm(SecretForm):
    """Who posts, how it signs, and what its events do."""

    name = forms.SlugField(label="Name in the address", max_length=40, help_text="/api/v1/hooks/<name>")
    title = forms.CharField(label="What people call it", max_length=80)
    kind = forms.ChoiceField(label="Its events")
    scheme = forms.ChoiceField(label="It signs by", choices=Scheme.choices)
    signature_header = forms.CharField(
        label="Header of the signature", max_length=60, required=False,
        help_text="HMAC only: as X-Signature; hex, also behind sha256=.",
    )  # fmt: skip
    timestamp_header = forms.CharField(
        label="Header of the timestamp", max_length=60, required=False,
        help_text="HMAC only, where it signs timestamp.body. Without one an old post can be sent again by others.",
    )  # fmt: skip
    event_id_at = forms.CharField(
        label="Where the event's id stands", max_length=80, required=False,
        help_text="HMAC only: header:X-Event-Id or body:id.",
    )  # fmt: skip
    field_order = ("name", "title", "kind", "scheme", "signature_header", "timestamp_header", "event_id_at", "secret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.kind, one.title) for one in use_kinds()]  # type: ignore[attr-defined]  # of this kind of field

    def told(self) -> dict[str, Any]:
        """The cleaned values as the process wants them."""
        data = dict(self.cleaned_data)
        parts = ("scheme", "signature_header", "timestamp_header", "event_id_at")
        signing = Signing(**{name: data.pop(name) for name in parts})
        return {**data, "signing": signing}


@require_GET
@TEAM
def index(request: PersonRequest) -> HttpResponse:
    """All senders, and the form for another one."""
    return _index(request, SenderForm())


@require_POST
@TEAM
@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: PersonRequest) -> HttpResponseBase:
    """Another one; its secret is shown now and never again."""
    form = SenderForm(request.POST)
    if not form.is_valid():
        return _index(request, form, 422)
    return _shown_once(
        request,
        lambda: make_sender(by=request.user, **form.told()),
        refused=lambda why: _index(request, with_reason(form, why), 422),
    )


@require_GET
@TEAM
def one(request: PersonRequest, sender_id: UUID) -> HttpResponse:
    """What it posted, the newest first."""
    row = _sender(sender_id)
    state = request.GET.get("state", "")
    rows = row.received.order_by("-received_at")
    if state in ReceivedState.values:
        rows = rows.filter(state=state)
    page = peeked_page(rows, request.GET.get("page"), size=25)
    shown = [(one, bytes(one.body)[:MOST_SHOWN_BYTES].decode("utf-8", "replace")) for one in page]
    context = {
        "sender": row, "page": page, "shown": shown, "states": ReceivedState.choices, "state": state,
        "form": SecretForm(), "kind": _words(row.kind),
    }  # fmt: skip
    return render(request, "web/webhooks/sender.html", context)


@require_POST
@TEAM
@reauthentication_required  # type: ignore[untyped-decorator]
def rotate(request: PersonRequest, sender_id: UUID) -> HttpResponseBase:
    """Another secret beside the old one."""
    form = SecretForm(request.POST)
    secret = form.cleaned_data["secret"] if form.is_valid() else ""
    return _shown_once(request, lambda: replace_sender_secret(by=request.user, sender_id=sender_id, secret=secret))


@require_POST
@TEAM
def switch(request: PersonRequest, sender_id: UUID) -> HttpResponseBase:
    """Whether its posts are taken."""
    on = request.POST.get("on") == "yes"
    text = "Its posts are taken." if on else "Its posts are refused from now on."
    return done(request, lambda: switch_sender(by=request.user, sender_id=sender_id, active=on), text, ONE, sender_id)


@require_POST
@TEAM
def use_again(request: PersonRequest, sender_id: UUID, received_id: UUID) -> HttpResponseBase:
    """Try to use an event that could not be used."""
    row = Received.objects.filter(pk=received_id, sender=_sender(sender_id)).first()
    if row is None:
        raise Http404
    found = use_received(received_id=row.pk)
    tell = messages.success if found.state == ReceivedState.USED else messages.error
    tell(request, f"{found.get_state_display()}: {found.outcome}")
    return redirect(ONE, sender_id)


def _sender(sender_id: UUID) -> Sender:
    row = Sender.objects.filter(pk=sender_id).first()
    if row is None:
        raise Http404
    return row


def _words(kind: str) -> str:
    """What the events of that kind are called; the kind where this version of the code does not know it."""
    known = use_kind(kind)
    return known.title if known else kind


def _index(request: PersonRequest, form: SenderForm, status: int = 200) -> HttpResponse:
    context = {"senders": [(row, _words(row.kind)) for row in Sender.objects.all()], "form": form}
    return render(request, "web/webhooks/senders.html", context, status=status)


def _shown_once(
    request: PersonRequest, work: Callable[[], tuple[Sender, str]], refused: Callable[[str], HttpResponse] | None = None
) -> HttpResponseBase:
    return shown_once(
        request,
        work,
        page=lambda row, secret: render(request, "web/webhooks/sender_secret.html", {"sender": row, "secret": secret}),
        back=ALL,
        refused=refused,
    )
