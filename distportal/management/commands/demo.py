"""`manage.py demo`: the whole product on this machine, from an empty folder to the first page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from distportal.accounts.seeds import DEMO_PASSWORD
from distportal.embedded.launcher import stop_what_was_started
from distportal.embedded.supervisor import Supervisor
from distportal.management.demo_erps import connect_erps
from distportal.management.demo_programs import erp_port, new_erp_port, programs, receiver_port, two_erps, web_port
from distportal.webhooks.seeds import receiver_secrets

LOGINS = (
    ("dealer, buyer", "buyer@harbor.example"),
    ("dealer, administrator", "admin@harbor.example"),
    ("customer service agent", "agent@northline.example"),
    ("finance", "finance@northline.example"),
    ("finance, second person", "finance2@northline.example"),
    ("operator", "operator@northline.example"),
)


class Command(BaseCommand):
    """Prepares, then runs every process until Ctrl-C, then leaves nothing running."""

    help = "Run web, workers, sweeper, beat and the sandbox ERP with seeded data until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._begun = time.monotonic()
        try:
            self._prepare()
            everything = programs(on_first_page=self._announce, hook_secrets=receiver_secrets())
            connections.close_all()
            code = Supervisor(everything).run()
        except KeyboardInterrupt:
            code = 0
        finally:
            stopped = stop_what_was_started()
        self.stdout.write("Everything has ended." + ("" if stopped else " The services that ran before still run."))
        if code:
            raise CommandError("a process kept failing; its last lines are above. Data are kept: `make demo` goes on.")

    def _prepare(self) -> None:
        ports = [("PORT", web_port()), ("ERP_PORT", erp_port()), ("ERP_PORT", receiver_port())]
        for name, port in [*ports, ("ERP_PORT", new_erp_port())] if two_erps() else ports:
            if _taken(port):
                raise CommandError(f"port {port} is in use; nothing was started. Choose another: make demo {name}=…")
        self._step("services run")
        collecting = subprocess.Popen(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "OPS_NO_SERVICES": "1"},
        )
        try:
            call_command("migrate", interactive=False, verbosity=0)
            self._step("database is migrated")
            call_command("seed_demo", verbosity=0)
            connect_erps()
            self._step("sample company is seeded")
            if collecting.wait():
                raise CommandError("static files could not be collected; the reason is above")
        finally:
            if collecting.poll() is None:
                collecting.kill()
            connections.close_all()
        self._step("static files are collected")

    def _step(self, text: str) -> None:
        self.stdout.write(f"  {time.monotonic() - self._begun:5.1f} s  {text}")
        self.stdout.flush()

    def _announce(self) -> None:
        self._step("first page answers; workers start now")
        width = max(len(email) for _, email in LOGINS)
        people = "\n".join(f"    {email:<{width}}  {who}" for who, email in LOGINS)
        site = f"http://localhost:{web_port()}"
        self.stdout.write(
            f"\n  Portal        {site}/\n"
            f"  Back office   {site}/admin/\n"
            f"  Sandbox ERP   http://localhost:{erp_port()}/staff\n"
            f"  Webhooks go to http://localhost:{receiver_port()}/\n\n"
            f"  Demo sign-ins (this machine only, without a second factor), password {DEMO_PASSWORD}\n{people}\n\n"
            "  Ctrl-C ends everything.\n"
        )
        self.stdout.flush()


def _taken(port: str) -> bool:
    """Whether something listens there already; its answers would be mistaken for ours."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", int(port))) == 0
