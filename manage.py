#!/usr/bin/env python
"""Django's command line; starts the embedded services where no DATABASE_URL or REDIS_URL names others."""

import os
import sys

from distportal.embedded.launcher import ensure_services


def main() -> None:
    """Run one command. OPS_NO_SERVICES=1 is for commands that touch neither database nor Redis."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "distportal.settings")
    if os.environ.get("OPS_NO_SERVICES") != "1":
        os.environ.update(ensure_services())
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("DEMO", "true")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the environment that settings read

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
