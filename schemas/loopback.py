"""Which requests a server answers that is for the people of this machine, and for no page of another site."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SAME_SITE = frozenset({"same-origin", "none"})


def is_loopback(name: str) -> bool:
    """Tell whether a name, as it stands in an address, is this machine's loopback."""
    return name in _NAMES


def is_number(name: str) -> bool:
    """Tell whether a name is an IP address, as it stands in a URL: nobody can make it mean another one."""
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def stranger(headers: Mapping[str, str], is_ours: Callable[[str], bool]) -> str | None:
    """Why a request is not to be answered: another web page makes a browser send it.

    Args:
        headers: The request's, whose names are looked up as a browser writes them.
        is_ours: Tells whether the server goes by a name; any other may be DNS rebinding.

    Returns:
        None when nothing speaks against it.
    """
    host = headers.get("Host", "").lower()
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    origin = headers.get("Origin")
    if not is_ours(name):
        return "Only requests to 127.0.0.1 or localhost are answered"
    if origin is not None and origin.lower() != f"http://{host}":
        return "Requests from pages of other sites are not answered"
    if headers.get("Sec-Fetch-Site", "none") not in _SAME_SITE:
        return "Requests from pages of other sites are not answered"
    return None
