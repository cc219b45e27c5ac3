"""`python -m streams.cli`, the same as `hubbub`."""

from __future__ import annotations

import sys

from streams.cli import main

if __name__ == "__main__":
    sys.exit(main())
