"""The jars of Apache Kafka are the locked ones, or nothing runs; Maven and Java are stand-ins here."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "jars.py"
LOCKED = b"what was locked"


@pytest.fixture
def run(tmp_path):
    """Run the script in a folder of its own, where Maven brings one jar."""
    programs, folder = tmp_path / "bin", tmp_path / "kafka"
    programs.mkdir()
    folder.mkdir()
    (folder / "jars.py").write_bytes(SCRIPT.read_bytes())
    (folder / "jars.sha256").write_text(f"{hashlib.sha256(LOCKED).hexdigest()}  server.jar\n")

    def program(name, script):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)

    def call(*arguments, java=17, brings=LOCKED, maven=True):
        if java:
            program("java", f"""echo 'openjdk version "{java}.0.1"' >&2""")
        if maven:
            jars = folder / "jars"
            program("mvn", f"/bin/mkdir -p {jars}; printf '%s' '{brings.decode()}' > {jars}/server.jar")
        done = subprocess.run(
            [sys.executable, folder / "jars.py", *arguments],
            env={"PATH": str(programs)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr

    return call


def test_the_locked_jars_pass(run):
    assert run() == (0, "")


def test_a_jar_with_other_content_does_not_pass(run):
    code, said = run(brings=b"something else")
    assert code == 1
    assert "server.jar has another digest" in said
    assert said.count("\n") == 1


def test_the_lock_can_be_renewed(run):
    assert run(brings=b"newer")[0] == 1
    assert run("--renew", brings=b"newer")[0] == 0
    assert run(brings=b"newer") == (0, "")


def test_without_maven_it_is_skipped_with_a_word(run):
    assert run(maven=False) == (
        3,
        "test-kafka: skipped: Apache Kafka needs Java 17 and Maven, and there is no mvn here\n",
    )


def test_an_old_java_is_skipped_with_a_word(run):
    code, said = run(java=11)
    assert code == 3
    assert 'needs Java 17 or newer, and here is openjdk version "11.0.1"' in said
