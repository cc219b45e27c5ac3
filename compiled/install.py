"""Builds the compiled fold and installs it beside hubbub: `python compiled/install.py`.

What it is made of is locked in `crates.lock`, by version and checksum. That is cargo's own lock file without
the address of the registry, which is cargo's to know.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "crates.lock"
_SOURCE = "source = "
_CHECKSUM = "checksum = "


class NotPossibleError(Exception):
    """There is no compiler, or it does not get what it needs."""


def main() -> int:
    """Build and install, or check; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--if-possible", action="store_true", help="without a compiler, say so and go on")
    parser.add_argument("--check", action="store_true", help="only look at its format and for warnings")
    parser.add_argument("--renew", action="store_true", help="lock the newest that Cargo.toml allows")
    arguments = parser.parse_args()
    try:
        environment = _with_cargo()
        fresh = _resolved(environment)
        if arguments.renew:
            LOCK.write_text(_without_source(fresh))
        (HERE / "Cargo.lock").write_text(_with_source(LOCK.read_text(), fresh))
        if arguments.check:
            for command in ("fmt --check", "clippy --quiet --locked -- -D warnings"):
                _run(["cargo", *command.split()], environment, cwd=str(HERE))
            return 0
        _run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--no-build-isolation", "--force-reinstall", str(HERE)],
            environment,
        )  # fmt: skip
    except NotPossibleError as error:
        print(f"the compiled fold: {error}")
        if not arguments.check:
            print("it is not built; hubbub folds in Python instead: the same, in several times the time")
        return 0 if arguments.if_possible else 2
    return 0


def _with_cargo() -> dict[str, str]:
    """The environment in which cargo runs.

    Where HOME is not the one that Rust was installed for, rustup does not find its toolchains by itself.
    """
    found = shutil.which("cargo")
    if found is None:
        raise NotPossibleError("there is no cargo; Rust 1.88 or newer is needed")
    beside = Path(found).parent.parent.parent / ".rustup"
    for more in ({}, {"RUSTUP_HOME": str(beside)}):
        # The builder is called by its name: it stands beside this Python.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        environment = os.environ | more | {"PATH": path}
        command = [found, "--version"]
        if subprocess.run(command, capture_output=True, check=False, env=environment).returncode == 0:
            return environment
    raise NotPossibleError(f"{found} does not run")


def _resolved(environment: dict[str, str]) -> str:
    """A lock file as cargo makes it, which has the registry's address in it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(HERE / "Cargo.toml", folder)
        (Path(folder) / "src").mkdir()
        (Path(folder) / "src" / "lib.rs").touch()
        _run(["cargo", "generate-lockfile", "--quiet"], environment, cwd=folder)
        return (Path(folder) / "Cargo.lock").read_text()


def _without_source(lock: str) -> str:
    return "".join(line for line in lock.splitlines(keepends=True) if not line.startswith(_SOURCE))


def _with_source(lock: str, fresh: str) -> str:
    """The lock with the address that a fresh one has, before each checksum."""
    source = next(line for line in fresh.splitlines(keepends=True) if line.startswith(_SOURCE))
    lines = lock.splitlines(keepends=True)
    return "".join(source + line if line.startswith(_CHECKSUM) else line for line in lines)


def _run(command: list[str], environment: dict[str, str], cwd: str | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise NotPossibleError("\n".join([f"{command[0]} fails", *lines[-15:]]))


if __name__ == "__main__":
    sys.exit(main())
