"""What a worker says of itself over HTTP."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

TIMEOUT = 10.0


def free_address() -> str:
    """A loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


class Watch:
    """Asks a worker how it does.

    Args:
        address: Its HUBBUB_HEALTH.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def health(self) -> dict[str, Any]:
        """What `/health` says; before the worker listens, only that there is no state."""
        try:
            status, body = self._get("health")
        except OSError:
            return {"state": None, "partitions": [], "reason": ""}
        report: dict[str, Any] = json.loads(body)
        assert (status == 200) == (report["state"] == "ok")
        return report

    def metric(self, name: str, **labels: str) -> float:
        """The value of one sample; 0 for one that is not there."""
        for family in text_string_to_metric_families(self._get("metrics")[1].decode()):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        return 0.0

    def _get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://{self._address}/{path}", timeout=TIMEOUT) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()
