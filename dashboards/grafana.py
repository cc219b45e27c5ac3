"""Grafana's HTTP API, through `grafana-api`, with what that client gets wrong put right.

It takes an empty answer for broken JSON, and stumbles over an error that is an HTML page or `null`. So the
status is taken down as it comes in, and decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from grafana_api.grafana_api import GrafanaException
from grafana_api.grafana_face import GrafanaFace
from requests import RequestException

from schemas.errors import Stop

if TYPE_CHECKING:
    from pydantic import SecretStr
    from requests import Response

OURS_STAYS_EDITABLE: Final = {"X-Disable-Provenance": "true"}
"""The header with which rules and contact points can be changed in Grafana's own pages, too."""

_BAD, _FAILED = 400, 500
_SAID: Final = {
    401: "does not know the token: make one for a service account and set HUBBUB_GRAFANA_TOKEN",
    403: "does not allow it: the service account needs the role Editor, and Admin for the data source",
    404: "has no such thing: is this a Grafana of version 11.6 or later, and its path in HUBBUB_GRAFANA_URL?",
    409: "has something else under this name: rename or remove that in Grafana",
    412: "has something else under this name or uid, or somebody changed it meanwhile: look, and try again",
}


class Grafana:
    """One Grafana. Every method raises Stop with one line that says what to do.

    Args:
        url: Its address.
        token: Of a service account.
        timeout: Seconds that an answer may take.
    """

    def __init__(self, url: str, token: SecretStr, timeout: float) -> None:
        parts = urlsplit(url)
        self.place = f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
        prefix = parts.path.strip("/")
        host = parts.hostname or ""
        self._api = GrafanaFace(
            token.get_secret_value(),
            host=f"[{host}]" if ":" in host else host,
            port=parts.port,
            url_path_prefix=f"{prefix}/" if prefix else "",
            protocol=parts.scheme,
            timeout=timeout,
        ).api
        self._answer: Response | None = None
        self._api.s.hooks["response"].append(self._take_down)

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON it is
        """What stands there; None where nothing does."""
        return self._ask("GET", path, missing=True)

    def post(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401
        """Make something."""
        return self._ask("POST", path, body)

    def put(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401
        """Put something in the place of what stands there."""
        return self._ask("PUT", path, body)

    def delete(self, path: str) -> None:
        """Remove something; it may be gone already."""
        self._ask("DELETE", path, missing=True)

    def close(self) -> None:
        """Let the connections go."""
        self._api.s.close()

    def _take_down(self, answer: Response, *_: object, **__: object) -> None:
        self._answer = answer

    def _ask(self, verb: str, path: str, body: dict[str, Any] | None = None, *, missing: bool = False) -> Any:  # noqa: ANN401
        self._answer = None
        headers = OURS_STAYS_EDITABLE if path.startswith("/v1/provisioning/") else None
        try:
            return getattr(self._api, verb)(path, json=body, headers=headers)
        except GrafanaException:
            pass
        except RequestException as error:
            if self._answer is None:  # else it is a body that is no JSON
                raise Stop(f"Grafana at {self.place} cannot be reached: {_cause(error)}") from None
        except (TypeError, ValueError):
            pass
        return self._judged(verb, path, missing=missing)

    def _judged(self, verb: str, path: str, *, missing: bool) -> None:
        """What an answer amounts to that the client could not read, or took for an error."""
        answer = self._answer
        if answer is None:
            raise Stop(f"Grafana at {self.place} gave no answer to {verb} {path}")
        status = answer.status_code
        if status < _BAD:
            if answer.content.strip():
                raise Stop(f"{self.place} answers {verb} {path} with no JSON: is HUBBUB_GRAFANA_URL Grafana?")
            return
        if status == 404 and missing:  # noqa: PLR2004
            return
        if status >= _FAILED:
            said = f"failed ({status}): see its log"
        else:
            said = _SAID.get(status, f"refuses it ({status})")
        raise Stop(f"Grafana at {self.place}, {verb} {path}: {said}{_message(answer)}")


def _message(answer: Response) -> str:
    """What Grafana says itself, in one line."""
    try:
        body = answer.json()
    except ValueError:
        return ""
    message = body.get("message", "") if isinstance(body, dict) else ""
    return f" ({' '.join(str(message).split())[:200]})" if message else ""


def _cause(error: RequestException) -> str:
    """The innermost reason, without addresses of objects."""
    cause: BaseException = error
    while isinstance(inner := (cause.args[0] if cause.args else None), BaseException):
        cause = inner
    return str(getattr(cause, "reason", cause)).rpartition(": ")[2]
