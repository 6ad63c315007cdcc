"""Why a backup was not taken or not brought back."""

from __future__ import annotations

from django.core.management.base import CommandError


class Refused(CommandError):
    """Nothing was changed; the message says what to do."""
