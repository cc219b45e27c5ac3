"""Writes `.env` for docker-compose.yml: random passwords, and when the simulated community began.

python deploy/make_env.py [FILE]

It never overwrites one. The passwords are letters and digits, for they stand in addresses.
"""

from __future__ import annotations

import os
import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

PASSWORDS = (
    "HUBBUB_OWNER_PASSWORD",
    "HUBBUB_WRITER_PASSWORD",
    "GRAFANA_READER_PASSWORD",
    "GRAFANA_ADMIN_PASSWORD",
)
_BYTES = 24
_PAST = timedelta(weeks=6)
"""What dashboards have to show from the first minute on."""


def lines(now: datetime) -> list[str]:
    """The lines of a new `.env`."""
    return [
        *(f"{name}={secrets.token_hex(_BYTES)}" for name in PASSWORDS),
        f"HUBBUB_SIMULATE_SINCE={now - _PAST:%Y-%m-%d}",
    ]


def main(arguments: list[str]) -> int:
    """Write the file, readable by its owner only; gives the exit code."""
    file = Path(arguments[0] if arguments else ".env")
    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(
            f"{file} is there, and is left as it is; docs/compose.md says how to change a password",
            file=sys.stderr,
        )
        return 2
    except OSError as error:
        print(f"{file} cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    with os.fdopen(made, "w", encoding="utf-8") as written:
        written.write("\n".join(lines(datetime.now(UTC))) + "\n")
    print(f"wrote {file}; next: docker compose up --wait")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
