"""What can befall the peers: the faults of the matrix that lie beyond our own processes."""

from __future__ import annotations

import signal
from collections.abc import Callable

from tests.faults.peers.listening import Mood
from tests.faults.peers.peers import Peers
from tests.faults.peers.place import Place
from tests.faults.proxy import TcpProxy, Weather

CUT, SLOW, GONE = Weather(cut_answers=True), Weather(delay=0.3, bytes_a_second=20_000), Weather(refuse=True)
Fault = tuple[str, Callable[[], None]]


def peer_faults(peers: Peers, wait: Callable[[float, float], None]) -> list[Fault]:
    """Each with its number of the matrix; it ends by itself. `wait(least, most)` is a while of so many seconds."""

    def weather(proxy: TcpProxy, now: Weather) -> None:
        proxy.change(now)
        wait(2, 7)
        proxy.change(Weather())

    def mood(place: Place, now: Mood) -> None:
        place.mood(now)
        wait(3, 9)
        place.mood("")

    def stand_still(place: Place) -> None:
        peers.site.hurt(place.name, signal.SIGSTOP)
        wait(3, 9)
        peers.site.hurt(place.name, signal.SIGCONT)

    sftp, as2, sink = peers.places
    return [
        ("27 SFTP server killed", lambda: peers.site.hurt(sftp.name)),
        ("27 SFTP server hung", lambda: stand_still(sftp)),
        ("27 way to the SFTP server cut", lambda: weather(sftp.proxy, CUT)),
        ("27 way to the SFTP server slow", lambda: weather(sftp.proxy, SLOW)),
        ("27 SFTP server refuses connections", lambda: weather(sftp.proxy, GONE)),
        ("28 our AS2 receipts cut on their way", lambda: weather(peers.way_in, CUT)),
        ("29 AS2 partner takes and answers no receipt", lambda: mood(as2, "forget")),
        ("29 AS2 partner hangs", lambda: mood(as2, "hang")),
        ("29 AS2 partner answers 503", lambda: mood(as2, "refuse")),
        ("29 AS2 partner killed", lambda: peers.site.hurt(as2.name)),
        ("29 way to the AS2 partner cut", lambda: weather(as2.proxy, CUT)),
        ("38 webhook's receiver takes and answers nothing", lambda: mood(sink, "forget")),
        ("38 webhook's receiver hangs", lambda: mood(sink, "hang")),
        ("38 webhook's receiver answers 503", lambda: mood(sink, "refuse")),
        ("38 webhook's receiver killed", lambda: peers.site.hurt(sink.name)),
        ("38 way to the webhook's receiver slow", lambda: weather(sink.proxy, SLOW)),
    ]
