"""A TCP proxy on loopback that does to connections what networks do: delay, throttle, cut, lose, refuse."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass

CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Weather:
    """What happens to connections now. `delay`: seconds before each piece of an answer; `bytes_a_second` of answers;
    `cut_answers`: the request arrives, the answer is lost and the connection closed; `black_hole`: nothing arrives and
    nothing comes back; `refuse`: nobody listens.
    """

    delay: float = 0.0
    bytes_a_second: float = 0.0
    cut_answers: bool = False
    black_hole: bool = False
    refuse: bool = False


class TcpProxy:
    """In front of one port of this machine; in fair weather it changes nothing."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.weather = Weather()
        self._links: set[socket.socket] = set()
        self._listener = self._listen(0)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def change(self, weather: Weather) -> None:
        """From now on; connections that are there end, so that new ones meet the new weather."""
        listens = not self.weather.refuse
        self.weather = weather
        if weather.refuse and listens:
            _close(self._listener)
        elif not weather.refuse and not listens:
            self._listener = self._listen(self.port)
        for link in list(self._links):
            _close(link)

    def stop(self) -> None:
        """Nobody listens any more."""
        self.change(Weather(refuse=True))

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target), timeout=5)
        except OSError:
            _close(client)
            return
        server.settimeout(None)
        self._links |= {client, server}
        answers = threading.Thread(target=self._pump, args=(server, client, True), daemon=True)
        answers.start()
        self._pump(client, server, False)
        answers.join()
        self._links -= {client, server}

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(CHUNK):
                weather = self.weather
                if weather.black_hole:
                    continue
                if answers and weather.cut_answers:
                    break
                if answers:
                    time.sleep(weather.delay)
                    time.sleep(len(piece) / weather.bytes_a_second if weather.bytes_a_second else 0.0)
                sink.sendall(piece)
        _close(source)
        _close(sink)


def _close(link: socket.socket) -> None:
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
