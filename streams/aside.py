"""Work beside the event loop that nobody has to wait for."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run something in a thread of its own.

    Unlike with `asyncio.to_thread`, who waits may be cancelled and the process may end while the thread hangs
    in a call that does not come back, such as one to a server that has stopped answering.
    """
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            outcome.set_exception(error)
        else:
            outcome.set_result(result)

    threading.Thread(target=run, name=f"hubbub-{work.__name__.strip('_')}", daemon=True).start()
    return await asyncio.wrap_future(outcome)
