"""What can be done with a webhook on a page, the same for dealers and for our own people; only the frame differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from distportal.accounts.models import Account
from distportal.web.audience import PersonRequest
from distportal.web.done import done, with_reason
from distportal.web.secrets_once import shown_once
from distportal.web.webhooks.forms import EndpointForm, RangeForm
from distportal.web.webhooks.showing import endpoint_context
from distportal.webhooks import endpoints, replaying
from distportal.webhooks.models import Endpoint

Page = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where pages stand: `page(request, template, context, status)` draws one, `one` and `every` name the addresses;
    `owner` gives the endpoint that the person may manage, or 404.
    """

    page: Page
    one: str
    every: str
    owner: Callable[[PersonRequest, UUID], Endpoint]

    def make(
        self,
        request: PersonRequest,
        account: Account | None,
        form: EndpointForm,
        index: Callable[[PersonRequest, EndpointForm, int], HttpResponse],
    ) -> HttpResponseBase:
        """Another one; its secret is shown now and never again. What is refused stands in the form of the `index`."""
        return self._shown_once(
            request,
            lambda: endpoints.make_endpoint(by=request.user, account=account, **form.cleaned_data),
            refused=lambda why: index(request, with_reason(form, why), 422),
        )

    def show(self, request: PersonRequest, endpoint_id: UUID) -> HttpResponse:
        """How it is, and its log."""
        return self.page(request, "one", endpoint_context(request, self.owner(request, endpoint_id)))

    def change(self, request: PersonRequest, endpoint_id: UUID) -> HttpResponseBase:
        """Another name, address or choice of events."""
        row, form = self.owner(request, endpoint_id), EndpointForm(request.POST)
        if not form.is_valid():
            return self.page(request, "one", {**endpoint_context(request, row), "form": form}, status=422)
        return self._done(request, row, endpoints.change_endpoint, _("Saved."), **form.cleaned_data)

    def rotate(self, request: PersonRequest, endpoint_id: UUID) -> HttpResponseBase:
        """A new secret beside the old one."""
        row = self.owner(request, endpoint_id)
        return self._shown_once(
            request,
            lambda: endpoints.rotate_secret(by=request.user, account=row.account, endpoint_id=row.pk),
        )

    def switch(self, request: PersonRequest, endpoint_id: UUID) -> HttpResponseBase:
        """On or off."""
        row = self.owner(request, endpoint_id)
        if request.POST.get("on") == "yes":
            return self._done(request, row, endpoints.turn_on, _("The webhook is on. What waited is sent."))
        return self._done(request, row, endpoints.turn_off, _("The webhook is off; nothing is sent to it."))

    def test(self, request: PersonRequest, endpoint_id: UUID) -> HttpResponseBase:
        """A message that says it is a test."""
        text = _("A test is on its way. The log shows what was answered.")
        return self._done(request, self.owner(request, endpoint_id), endpoints.send_ping, text)

    def again(self, request: PersonRequest, endpoint_id: UUID, delivery_id: int) -> HttpResponseBase:
        """One message once more."""
        row, text = self.owner(request, endpoint_id), _("It is sent again, under the same id.")
        return self._done(request, row, replaying.replay_delivery, text, delivery_id=delivery_id)

    def again_range(self, request: PersonRequest, endpoint_id: UUID) -> HttpResponseBase:
        """All that happened in a time."""
        row, form = self.owner(request, endpoint_id), RangeForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Give both moments. Nothing was sent."))
            return redirect(self.one, row.pk)
        text = _("What happened then is sent again.")
        return self._done(request, row, replaying.replay_range, text, **form.cleaned_data)

    def _done(
        self, request: PersonRequest, row: Endpoint, act: Callable[..., object], text: str, **more: Any
    ) -> HttpResponseBase:
        def work() -> object:
            return act(by=request.user, account=row.account, endpoint_id=row.pk, **more)

        return done(request, work, text, self.one, row.pk)

    def _shown_once(
        self,
        request: PersonRequest,
        work: Callable[[], tuple[Endpoint, str]],
        refused: Callable[[str], HttpResponse] | None = None,
    ) -> HttpResponseBase:
        return shown_once(
            request,
            work,
            page=lambda row, secret: self.page(request, "secret", {"endpoint": row, "secret": secret}),
            back=self.every,
            refused=refused,
        )
