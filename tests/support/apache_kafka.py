"""Apache Kafka on this machine: one node, or three that replicate; for the tests only.

`tests/kafka/jars.py` gets the jars. Every node is broker and controller in one process, keeps its data and
its ports over `kill` and `start`, and ends with us.
"""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from streams.process import die_with_parent, end

HOST = "127.0.0.1"
JARS = Path(__file__).parent.parent / "kafka" / "jars"
CHOSEN = os.environ.get("HUBBUB_TEST_KAFKA") == "apache"
"""Whether the tests run on Apache Kafka instead of the embedded broker."""
DEADLINE = 60.0
_PATIENCE = 15.0
# What starts fast and stays small; a broker for tests has no long run that a second compiler would pay for.
_FAST = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx384m")
_QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
_JAVA = ("java", *_FAST, _QUIET, "-cp", f"{JARS}/*")


@dataclass(slots=True)
class _Node:
    """One process of the cluster, or the place of one that is down."""

    number: int
    port: int
    controller_port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def log(self) -> Path:
        return self.folder / "broker.log"


class ApacheKafka:
    """A cluster of Apache Kafka. A context manager.

    Args:
        folder: Where the nodes keep configuration, logs and data; empty.
        nodes: How many, numbered from 1. Three or more keep three copies, and take writes with two.
    """

    def __init__(self, folder: Path, nodes: int = 1) -> None:
        ports = _free_ports(2 * nodes)
        self._nodes = {
            number: _Node(number, ports.pop(), ports.pop(), folder / f"node-{number}")
            for number in range(1, nodes + 1)
        }

    @property
    def bootstrap(self) -> str:
        """Where clients connect to: all nodes, separated by commas."""
        return ",".join(f"{HOST}:{node.port}" for node in self._nodes.values())

    @property
    def up(self) -> str:
        """The same of the nodes that run now: kafka-python leaves the socket of a refused connection open."""
        return ",".join(f"{HOST}:{self._nodes[number].port}" for number in self._running())

    def __enter__(self) -> Self:
        try:
            self._format()
            self.start(*self._nodes)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, *numbers: int) -> None:
        """Start nodes that are down, with the data that they have; returns when clients see them."""
        for number in numbers:
            node = self._nodes[number]
            with node.log.open("ab") as log:
                node.process = subprocess.Popen(
                    [*_JAVA, "kafka.Kafka", str(node.folder / "properties")],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
                )
        deadline = time.monotonic() + DEADLINE
        while not set(numbers) <= self._seen():
            for number in numbers:
                node = self._nodes[number]
                assert node.process.poll() is None, f"node {number} has ended; see {node.log}"
            assert time.monotonic() < deadline, f"node {numbers} did not answer; see {node.log}"
            time.sleep(0.05)

    def kill(self, *numbers: int) -> None:
        """End nodes at once, as a power cut would (SIGKILL), and wait until they are gone."""
        for number in numbers:
            self._nodes[number].process.send_signal(signal.SIGKILL)
        for number in numbers:
            self._nodes[number].process.wait()
            self._nodes[number].process = None

    def stop(self) -> None:
        """End all nodes."""
        for node in self._nodes.values():
            if node.process is not None:
                node.process.terminate()
        for node in self._nodes.values():
            if node.process is not None:
                end(node.process, _PATIENCE)
                node.process = None

    def leader(self, topic: str, partition: int) -> int:
        """The node that leads a partition; waits until there is one that is up."""
        deadline = time.monotonic() + DEADLINE
        while True:
            with contextlib.suppress(KafkaError), self._admin() as admin:
                (found,) = admin.describe_topics([topic])
                leaders = {part["partition_index"]: part["leader_id"] for part in found["partitions"]}
                if (leader := leaders.get(partition, -1)) in self._running():
                    return leader
            assert time.monotonic() < deadline, f"{topic} {partition} has no leader"
            time.sleep(0.05)

    def coordinator(self) -> int:
        """The node that coordinates consumer groups, once there has been one."""
        return self.leader("__consumer_offsets", 0)

    def _running(self) -> list[int]:
        return [node.number for node in self._nodes.values() if node.process is not None]

    def _seen(self) -> set[int]:
        """The nodes that a client sees now; none while no node answers."""
        if not all(_listens(self._nodes[number].port) for number in self._running()):
            return set()
        with contextlib.suppress(KafkaError), self._admin() as admin:
            return {broker["broker_id"] for broker in admin.describe_cluster()["brokers"]}
        return set()

    @contextlib.contextmanager
    def _admin(self):
        admin = KafkaAdminClient(bootstrap_servers=self.up.split(","), bootstrap_timeout_ms=5_000)
        try:
            yield admin
        finally:
            admin.close()

    def _format(self) -> None:
        """Lay out the nodes' folders, all for one new cluster."""
        # One that begins with "-" would be taken for an option: a cluster of 64 could not be set up.
        cluster = base64.urlsafe_b64encode(b"hubbub" + os.urandom(10)).decode().rstrip("=")
        voters = ",".join(f"{node.number}@{HOST}:{node.controller_port}" for node in self._nodes.values())
        formatting = []
        for node in self._nodes.values():
            node.folder.mkdir(parents=True)
            properties = node.folder / "properties"
            settings = _settings(node, voters, copies=min(3, len(self._nodes)))
            properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
            command = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties)]
            with node.log.open("wb") as log:
                formatting.append(
                    subprocess.Popen(
                        [*_JAVA, *command],
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        preexec_fn=die_with_parent(),  # noqa: PLW1509
                    )
                )
        for process, node in zip(formatting, self._nodes.values(), strict=True):
            code = process.wait(DEADLINE)
            assert code == 0, f"Apache Kafka could not be set up, exit code {code}: {node.log.read_text()}"


def _settings(node: _Node, voters: str, copies: int) -> dict[str, object]:
    return {
        "process.roles": "broker,controller",
        "node.id": node.number,
        "controller.quorum.voters": voters,
        "listeners": f"CLIENT://{HOST}:{node.port},CONTROLLER://{HOST}:{node.controller_port}",
        "advertised.listeners": f"CLIENT://{HOST}:{node.port}",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "CLIENT",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": node.folder / "data",
        # Topics are made by hubbub, or a slip in a name would go unseen.
        "auto.create.topics.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": max(1, copies - 1),
        "offsets.topic.num.partitions": 1,
        "offsets.topic.replication.factor": copies,
        # Quick where a cluster in production is patient: to rebalance, to miss a worker, to miss a node.
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 2000,
        "broker.heartbeat.interval.ms": 500,
        "broker.session.timeout.ms": 3000,
        # What tests send was said long ago, and a week is all that Kafka keeps by default.
        "log.retention.ms": -1,
        # Small: by default it alone takes 128 MB.
        "log.cleaner.dedupe.buffer.size": 4 << 20,
    }


def _free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that are free now, all different."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1.0):
        return True
    return False
