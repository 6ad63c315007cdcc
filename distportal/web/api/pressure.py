"""What pressure means for callers of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from distportal.events.choices import Level
from distportal.events.pressure import RETRY_SECONDS, pressure

if TYPE_CHECKING:
    from rest_framework.views import APIView


class PutOffUnderPressure(BaseThrottle):
    """From level 1 on the view answers 429 with Retry-After: for reads in bulk that can as well be made later."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        return pressure().level < Level.SLOW

    def wait(self) -> float:
        return float(RETRY_SECONDS[max(pressure().level, Level.SLOW)])
