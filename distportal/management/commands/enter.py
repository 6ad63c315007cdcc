"""`manage.py enter accounts|places|people FILE` and `enter administrator`: what a new site begins with."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from distportal.accounts.choices import Role
from distportal.accounts.entering import KINDS, enter_table
from distportal.accounts.models import Account, User
from distportal.common.errors import DomainError
from distportal.web.company.inviting import invite


class Command(BaseCommand):
    """Reads tables; what is there already stays as it is, and one wrong row enters nothing."""

    help = "Enter accounts, their places and our own people from a table, or invite a company's first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="what", required=True)
        for kind, (needed, known, _) in KINDS.items():
            act = acts.add_parser(kind, help=f"columns: {', '.join(needed)}; may have: {', '.join(known) or 'no more'}")
            act.add_argument("file", type=Path, help="CSV or XLSX with a first row of names")
        first = acts.add_parser("administrator", help="invite somebody by mail who invites the others of the company")
        first.add_argument("account", help="the account's code")
        first.add_argument("email")
        first.add_argument("--by", required=True, help="the address of ours who invites")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            if what == "administrator":
                self._invite(options["account"], options["email"], options["by"])
            else:
                self._enter(what, options["file"])
        except DomainError as error:
            raise CommandError(error.message) from error

    def _enter(self, what: str, file: Path) -> None:
        if not file.is_file():
            raise CommandError(f"there is no file {file}")
        made = enter_table(what, file.read_bytes())
        self.stdout.write("\n".join([*made, f"{len(made)} entered; what was there already stayed as it is."]))

    def _invite(self, code: str, email: str, by: str) -> None:
        account = Account.objects.filter(code=code).first()
        asks = User.objects.filter(email=by.lower(), is_staff=True, is_active=True).first()
        if account is None or asks is None:
            raise CommandError(f"there is no account {code}" if account is None else f"{by} is none of our people")
        invite(by=asks, account=account, email=email, role=Role.ADMIN)
        self.stdout.write(f"{email} is invited to {account} as its administrator; a worker sends the mail.")
