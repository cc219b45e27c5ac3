from __future__ import annotations

import subprocess
import sys

import pytest

COMMANDS = [
    ["demo"],
    ["up"],
    ["worker"],
    ["ingest"],
    ["replay"],
    ["simulate"],
    ["migrate"],
    ["report"],
    ["sql"],
    ["alerts"],
    ["alerts", "evaluate"],
    ["alerts", "list"],
    ["alerts", "history"],
    ["brands"],
    ["brands", "check"],
    ["dead-letters"],
    ["dead-letters", "list"],
    ["dead-letters", "show"],
    ["dead-letters", "replay"],
    ["doctor"],
    ["rebuild"],
    ["forget"],
    ["reconcile"],
    ["dashboards"],
    ["dashboards", "preview"],
    ["dashboards", "build"],
    ["dashboards", "push"],
    ["dashboards", "prune"],
]
HEAVY = {"faust", "chdb", "pyarrow", "clickhouse_connect", "kafka", "pydantic", "aiokafka", "rich.markdown"}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(hubbub, command):
    done = hubbub(*command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Example: " in done.stdout
    assert f"hubbub {' '.join(command)}" in done.stdout.partition("Example: ")[2]


def test_the_help_shows_every_command_in_a_panel(hubbub):
    done = hubbub("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for panel in ("Start here", "Bring events in", "Read the answers", "Set up and look after"):
        assert panel in done.stdout
    for command in COMMANDS:
        assert f"│ {command[0]} " in done.stdout


def test_without_arguments_it_shows_the_help(hubbub):
    assert hubbub().stdout == hubbub("--help").stdout


def test_the_help_needs_no_heavy_module():
    code = f"import streams.cli.run, sys; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
