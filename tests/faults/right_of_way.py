"""The processor's shares as units give them: what orders pass before what follows from them."""

from __future__ import annotations

import time
from pathlib import Path

from tests.faults.site import Site

FOLLOWS = ("relay", "rest")
"""The workers whose lanes have a fifth of an order's weight in deploy/systemd."""
_A_FIFTH = "7"
"""Of the kernel's weights of sessions: 215 beside 1,024."""


def give_right_of_way(site: Site) -> bool:
    """Whether it could be given: workers are sessions of their own, whose weight is that of their group. A kernel that
    does not group sessions has no such weight.
    """
    told = [_told(process.pid) for name in site.names(*FOLLOWS) for process in [site.leader(name), *site.pool(name)]]
    return all(told)


def _told(pid: int) -> bool:
    group = Path(f"/proc/{pid}/autogroup")
    for _ in range(20):
        try:
            group.write_text(_A_FIFTH)
        except BlockingIOError:  # the kernel takes ten changes a second
            time.sleep(0.11)
        except OSError:
            return False
        else:
            return True
    return False
