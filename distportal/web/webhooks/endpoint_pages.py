"""The addresses of one webhook, for dealers and for our own people alike: who may open them and whose it is differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.decorators import reauthentication_required
from django.views.decorators.http import require_GET, require_POST

from distportal.web.audience import View
from distportal.web.webhooks.acts import Frame


@dataclass(frozen=True, slots=True)
class EndpointPages:
    """Each behind the guard; another address, choice of events or secret needs whoever proved lately who they are."""

    one: View
    change: View
    rotate: View
    switch: View
    test: View
    again: View
    again_range: View


def endpoint_pages(frame: Frame, guard: Callable[[View], View]) -> EndpointPages:
    """The pages of the frame's endpoints. `guard` is a decorator of distportal.web.audience."""

    def pressed(act: View) -> View:
        return require_POST(guard(act))

    def proved(act: View) -> View:
        return pressed(reauthentication_required(act))

    return EndpointPages(
        one=require_GET(guard(frame.show)),
        change=proved(frame.change),
        rotate=proved(frame.rotate),
        switch=pressed(frame.switch),
        test=pressed(frame.test),
        again=pressed(frame.again),
        again_range=pressed(frame.again_range),
    )
