"""`python -m distportal.embedded up|down|status|env|wipe`."""

from __future__ import annotations

import shlex
import sys
import time

from distportal.embedded.launcher import ensure_services, services_running, stop_services, wipe_services


def main(command: str) -> int:
    """The exit code of one command; `status` gives 3 when nothing runs."""
    started = time.monotonic()
    if command == "up":
        ensure_services()
        print(f"services are up ({time.monotonic() - started:.1f} s)")
    elif command == "down":
        stop_services()
        print("services are down")
    elif command == "status":
        found = services_running()
        print("\n".join(f"{name}: {'running' if runs else 'not running'}" for name, runs in found.items()))
        return 0 if any(found.values()) else 3
    elif command == "env":
        print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in ensure_services().items()))
    elif command == "wipe":
        wipe_services()
        print("services are down and their data is gone")
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
