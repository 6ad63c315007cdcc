"""Hints are handed out and forgotten: a broker that hangs afterwards does not keep a worker from its next one."""

from __future__ import annotations

import pathlib
import signal
from collections.abc import Iterator
from typing import Any

import pytest
import redis as redis_client
from kombu import Connection, Queue

from distportal.celery import broker_url
from tests.own_redis import OwnRedis, own_redis


@pytest.fixture
def broker(tmp_path: pathlib.Path) -> Iterator[OwnRedis]:
    with own_redis(tmp_path, "broker") as server:
        yield server


@pytest.fixture
def worker(broker: OwnRedis) -> Iterator[Connection]:
    """A consumer of the queue `bulk` with one process, as Celery sets it up; two hints wait for it."""
    with Connection(broker_url(broker.start()), transport_options={"socket_timeout": 0.3}) as connection:
        queue = Queue("bulk", routing_key="bulk")
        producer = connection.Producer()
        for number in range(2):
            producer.publish({"number": number}, routing_key="bulk", declare=[queue])
        yield connection


def test_a_broker_that_hangs_while_a_hint_is_acknowledged_costs_no_place(broker: OwnRedis, worker: Connection) -> None:
    taken: list[Any] = []
    channel = worker.default_channel
    channel.basic_qos(0, 1, False)
    with worker.Consumer(Queue("bulk"), callbacks=[lambda body, message: taken.append((body["number"], message))]):
        worker.drain_events(timeout=5)
        assert not channel.qos.can_consume(), "one at a time"
        broker.hurt(signal.SIGSTOP)
        taken[0][1].ack()
        assert channel.qos.can_consume()
        broker.hurt(signal.SIGCONT)
        worker.drain_events(timeout=5)
    assert [number for number, _ in taken] == [0, 1]


def test_nothing_of_what_was_handed_out_stays_in_the_broker(broker: OwnRedis, worker: Connection) -> None:
    server = redis_client.Redis.from_url(broker.start())
    with worker.Consumer(Queue("bulk"), callbacks=[lambda body, message: message.reject(requeue=True)]) as consumer:
        worker.drain_events(timeout=5)
        worker.drain_events(timeout=5)
        consumer.recover(requeue=True)
    worker.close()
    assert server.keys() == []


def test_all_hints_go_by_one_client_also_after_the_broker_came_back(broker: OwnRedis, worker: Connection) -> None:
    channel: Any = worker.default_channel
    sender = channel._create_client()
    broker.hurt(signal.SIGKILL)
    server = redis_client.Redis.from_url(broker.start())
    server.flushall()
    worker.Producer(channel).publish({"number": 7}, routing_key="bulk", declare=[Queue("bulk", routing_key="bulk")])
    assert channel._create_client() is sender
    assert server.llen("bulk") == 1
