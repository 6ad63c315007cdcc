"""The broker as hints need it: what a worker was handed is forgotten there at once."""

from __future__ import annotations

from typing import Any

from kombu.transport import redis, virtual


class HintQoS(redis.QoS):
    """Counts in this process what is being worked at, and writes nothing to Redis about it.

    kombu keeps each message that was handed out in Redis until it is acknowledged, to give it to another worker an hour
    later. A hint that is lost is sent again by the sweeper within seconds. And an acknowledgement that timed out,
    since the broker hung, was logged and never repeated: that message counted as being worked at for ever, and a
    worker with one process took no other one until it was started again.
    """

    def append(self, message: Any, delivery_tag: str) -> None:
        virtual.QoS.append(self, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Nobody gets it again, whatever `requeue` says."""
        virtual.QoS.ack(self, delivery_tag)

    def restore_visible(self, start: int = 0, num: int = 10, interval: int = 10) -> None:
        """There is nothing to give to another worker."""


class HintChannel(redis.Channel):
    """Gives back nothing when its process ends, and sends all hints by one client: kombu makes one for each message,
    which takes a quarter of what a hint does.
    """

    QoS = HintQoS
    do_restore = False
    _sender: Any = None

    def _create_client(self, asynchronous: bool = False) -> Any:
        made: Any = super()  # the stubs leave the method out
        if asynchronous:
            return made._create_client(asynchronous=True)
        if self._sender is None or self._sender.connection_pool is not made.pool:
            self._sender = made._create_client()
        return self._sender


class HintTransport(redis.Transport):
    """Redis; sockets, TLS and URLs are kombu's."""

    Channel = HintChannel
