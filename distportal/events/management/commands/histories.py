"""`manage.py histories check|seal|again`: whether histories are as they were sealed, for whoever keeps the heads."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from distportal.events.models import HistorySeal
from distportal.events.seal_checks import broken_seals
from distportal.events.sealing import current_seals, holds, seal_again, seal_histories


class Command(BaseCommand):
    """Seals what is old enough, looks at all seals, or seals anew what a migration has changed on purpose."""

    help = "Check the chain of seals over all histories (docs/security-checks.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="read every history and fail where one is not as it was sealed")
        check.add_argument("--head", default="", help="a head that you kept: fail unless the chain has it")
        acts.add_parser("seal", help="seal now what is older than an hour, as the job does every night")
        again = acts.add_parser("again", help="seal anew what does not fit, after a migration that changed histories")
        again.add_argument("--reason", required=True)

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "check":
            self._check(options["head"].strip())
        elif act == "seal":
            seal_histories()
            self._tell_newest()
        else:
            self._again(options["reason"].strip())

    def _check(self, head: str) -> None:
        told = list(broken_seals())
        if head and not HistorySeal.objects.filter(head=head).exists():
            told.append("the chain has no such head: seals were taken out or made anew since it was kept")
        if told:
            raise CommandError("histories are not as they were sealed:\n  " + "\n  ".join(told))
        rows = sum(current_seals().values_list("rows", flat=True))
        self.stdout.write(f"{rows} lines of histories are as they were sealed.")
        self._tell_newest()

    def _tell_newest(self) -> None:
        newest = HistorySeal.objects.order_by("-number").first()
        self.stdout.write(f"Newest seal: {newest.number} {newest.head}" if newest else "Nothing is sealed yet.")

    def _again(self, reason: str) -> None:
        if not reason:
            raise CommandError("Say why; nothing was sealed.")
        with transaction.atomic():
            count = seal_again([seal for seal in current_seals() if not holds(seal)], reason=reason)
        self.stdout.write(f"{count} stretches have a new seal.")
