"""However a command ends: one line, the right exit code, no traceback."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
import typer

from schemas.errors import RetryLater
from streams.cli import run as module

MANY = "SELECT * FROM numbers(1e6)"
WINDOWS = "'hour', 'day', 'week'"
ENDLESS = "SELECT count() FROM numbers(1e12) WHERE sipHash64(number) = 1"


@pytest.fixture
def failing(monkeypatch):
    """A hubbub whose only command raises something; the signals are put back after the test."""

    def prepare(error):
        app = typer.Typer()

        @app.command()
        def fail() -> None:
            raise error

        monkeypatch.setattr(module, "app", app)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield prepare
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nosuch"], "no such command 'nosuch' (see hubbub --help)"),
        (["repor"], "no such command 'repor'. Did you mean 'report'? (see hubbub --help)"),
        (["sql"], "missing argument '\"...\"' (see hubbub sql --help)"),
        (["brands"], "missing command (see hubbub brands --help)"),
        (["report", "--nosuch"], "no such option: --nosuch (see hubbub report --help)"),
        (
            ["report", "--by", "month"],
            f"invalid value for '--by': 'month' is not one of {WINDOWS} (see hubbub report --help)",
        ),
    ],
    ids=" ".join,
)
def test_a_slip_of_the_keyboard_is_one_line(refused, arguments, line):
    assert refused(*arguments) == line


def test_an_error_of_ours_says_that_it_is_one(failing, capsys, monkeypatch):
    monkeypatch.delenv("HUBBUB_DEBUG", raising=False)
    failing(ZeroDivisionError("by zero\nand two lines"))
    assert module.run(["--"]) == 1
    assert capsys.readouterr().err == (
        "hubbub: ZeroDivisionError: by zero and two lines - "
        "this is a bug; run with HUBBUB_DEBUG=1 for the traceback\n"
    )


def test_with_debug_an_error_of_ours_comes_as_it_is(failing, monkeypatch):
    monkeypatch.setenv("HUBBUB_DEBUG", "1")
    failing(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        module.run(["--"])


def test_what_may_pass_says_so(failing, capsys):
    failing(RetryLater("ClickHouse is away"))
    assert module.run(["--"]) == 2
    assert capsys.readouterr().err == "hubbub: ClickHouse is away - try again\n"


def test_ctrl_c_is_quiet(failing, capsys):
    failing(KeyboardInterrupt())
    assert module.run(["--"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_who_leaves_is_no_error(replayed, home, environment):
    command = [
        sys.executable,
        "-m",
        "streams.cli",
        "sql",
        "SELECT * FROM numbers(1e6)",
        "--data",
        replayed.data,
    ]
    with subprocess.Popen(
        command, env=environment, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "number\n"
        process.stdout.close()
        assert process.stderr.read() == ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_even_a_long_query_of_the_embedded_engine(replayed, start, until, number, code):
    process = start("sql", ENDLESS, "--data", replayed.data)
    until((replayed.data / "hubbub.json").exists)
    process.send_signal(number)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == code
