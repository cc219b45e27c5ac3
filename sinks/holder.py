"""Who holds a data folder: one process at a time, and anybody can ask which.

`hubbub.lock` is what counts: the operating system lets go of it however its holder ends. `hubbub.json` beside
it only tells who that is, and is believed only while the lock is held.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import suppress
from pathlib import Path

from schemas.errors import Stop

LOCK = "hubbub.lock"
CARD = "hubbub.json"

_TRIES = 20
_PAUSE = 0.05  # seconds; 20 of them outlast a `running_front` elsewhere that has the lock for a moment


class Holder:
    """The right to a data folder, from `acquire` to `release`.

    Args:
        data_dir: The folder; made when it is not there yet.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._fd: int | None = None

    def acquire(self) -> None:
        """Take the folder for this process.

        Raises:
            Stop: It is no folder, cannot be written, or another process has it.
        """
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            fd = os.open(self.data_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise Stop(
                f"cannot keep data in {self.data_dir} ({error.strerror}): "
                f"name a folder that you may write to, with --data DIR"
            ) from error
        try:
            self._lock(fd)
            self._fd = fd
            self.announce(None)
        except BaseException:
            self._fd = None
            os.close(fd)
            raise

    def announce(self, address: str | None) -> None:
        """Tell other processes where this folder is served.

        Args:
            address: Such as `http://127.0.0.1:8123`; None when it is not served (any more).
        """
        card = self.data_dir / CARD
        draft = card.with_suffix(".json.new")
        try:
            draft.write_text(json.dumps({"pid": os.getpid(), "address": address}) + "\n", encoding="utf-8")
            draft.replace(card)
        except OSError as error:
            raise Stop(f"cannot write {card} ({error.strerror}): make room or give access to it") from error

    def release(self) -> None:
        """Let go of the folder; nothing happens when it is not held."""
        if self._fd is None:
            return
        with suppress(OSError):
            (self.data_dir / CARD).unlink()
        # The lock file stays: were it removed, two processes could hold two files of that name.
        os.close(self._fd)
        self._fd = None

    def _lock(self, fd: int) -> None:
        for attempt in range(_TRIES):
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if attempt + 1 < _TRIES:
                    time.sleep(_PAUSE)
            except OSError as error:
                raise Stop(
                    f"cannot lock {self.data_dir} ({error.strerror}): "
                    f"name a folder on a local disk, with --data DIR"
                ) from error
            else:
                return
        pid, address = _read_card(self.data_dir)
        who = f"process {pid}" if pid else "another process"
        served = f", which serves it at {address}: query it there, stop it" if address else ": stop it"
        raise Stop(
            f"data folder {self.data_dir} is held by {who}{served}, or name another folder, with --data DIR"
        )


def running_front(data_dir: Path | str) -> str | None:
    """Where a live process serves a data folder over HTTP.

    Args:
        data_dir: The folder; it need not exist.

    Returns:
        Its address, such as `http://127.0.0.1:8123`; None when nobody holds the folder, or holds it unserved.
    """
    folder = Path(data_dir)
    try:
        fd = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        pid, address = _read_card(folder)
        return address if pid and _alive(pid) else None
    except OSError:
        return None
    finally:
        os.close(fd)
    return None


def _read_card(folder: Path) -> tuple[int | None, str | None]:
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None, None
    if not isinstance(card, dict):
        return None, None
    pid, address = card.get("pid"), card.get("address")
    return pid if isinstance(pid, int) else None, address if isinstance(address, str) else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
