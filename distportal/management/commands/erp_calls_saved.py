"""`manage.py erp_calls_saved`: what the caches have spared the ERP since Redis last began to count."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from distportal.systems.cache.savings import savings


class Command(BaseCommand):
    """A table, a line a read."""

    help = "Show how many calls the ERP was spared by cached reads."

    def handle(self, *args: Any, **options: Any) -> None:
        found = savings()
        if found is None:
            raise CommandError("the cache's Redis does not answer; nothing is counted while it is away")
        self.stdout.write(f"{'read':<12}{'without':>10}{'made':>8}{'spared':>8}{'keys':>10}{'fresh':>8}{'by feed':>9}")
        for row in found:
            part = f"{row.saved / row.looks:.1%}" if row.looks else "-"
            fresh = f"{row.fresh / row.keys:.1%}" if row.keys else "-"
            fed = f"{row.confirmed / row.keys:.1%}" if row.keys else "-"
            self.stdout.write(f"{row.read:<12}{row.looks:>10}{row.calls:>8}{part:>8}{row.keys:>10}{fresh:>8}{fed:>9}")
