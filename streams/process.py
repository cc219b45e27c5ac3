"""Child processes that live no longer than we do."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


def die_with_parent() -> Callable[[], object] | None:
    """What a child has to do first to end when its parent is killed; None where the system cannot do that.

    Linux ends the child with the *thread* that started it: start it in one that lives on, best the main one.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def end(process: subprocess.Popen[bytes], patience: float) -> None:
    """End a child and wait until it is gone.

    Args:
        process: The child; it may have ended already.
        patience: Seconds that it has to end by itself when it is asked to.
    """
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
