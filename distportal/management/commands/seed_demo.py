"""`manage.py seed_demo`: demo accounts, people and partners; running it again changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from distportal.accounts.seeds import seed_accounts, seed_crm_key, seed_group
from distportal.calendars.seeds import seed_calendar
from distportal.management.demo_programs import erp_port, receiver_port
from distportal.systems.seeds import seed_logistics
from distportal.webhooks.seeds import seed_webhooks

# Upward references by name, as in settings and urls: the floor imports none of the apps.
SEEDS = (
    "inventory.seeds.seed_inventory",
    "orders.seeds.seed_orders",
    "exceptions.seeds.seed_desk",
    "edi.seeds.seed_edi",
)


class Command(BaseCommand):
    help = "Fill an empty portal for the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        seed_calendar()
        seed_accounts()
        seed_group()
        seed_logistics(sandbox_url=f"http://127.0.0.1:{erp_port()}")
        for name in SEEDS:
            import_string(name)()
        seed_webhooks(receiver_url=f"http://127.0.0.1:{receiver_port()}")
        secret = seed_crm_key()
        if secret:
            self.stdout.write(f"demo CRM key (shown once): {secret}")
