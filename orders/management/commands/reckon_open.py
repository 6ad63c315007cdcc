"""`manage.py reckon_open`: what is open of every document and what every payment comes to, reckoned once more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from orders.process.open_amounts import reckon_all


class Command(BaseCommand):
    help = "Reckon anew what is open of every document and what every payment comes to; tell how many were wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        seen, changed = reckon_all()
        self.stdout.write(f"{seen} documents and payments, {changed} had another figure")
