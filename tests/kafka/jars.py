"""Get the Apache Kafka of pom.xml from Maven, and see that it is the one of jars.sha256.

    python tests/kafka/jars.py            get what is not there yet, and check every jar
    python tests/kafka/jars.py --renew    get it anew, and write jars.sha256: after a change of pom.xml

Exit code 3: Java or Maven is missing, so there is nothing to run the tests on.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
JARS = HERE / "jars"
LOCK = HERE / "jars.sha256"
OLDEST_JAVA = 17
CANNOT_RUN = 3


def main(arguments: list[str]) -> int:
    renew = arguments == ["--renew"]
    if arguments and not renew:
        return say("the only option is --renew", 2)
    if missing := what_is_missing():
        return say(f"skipped: {missing}", CANNOT_RUN)
    if renew or differences(present(), locked()):
        failure = fetch()
        if failure:
            return say(f"Maven could not get Apache Kafka: {failure}", 1)
    if renew:
        LOCK.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(present().items())))
        return say(f"wrote {LOCK.name}: read what has changed before you commit it", 0)
    if found := differences(present(), locked()):
        shown = "; ".join(found)
        return say(f"not the Apache Kafka of {LOCK.name}: {shown} - if that is meant, make lock-kafka", 1)
    return 0


def what_is_missing() -> str | None:
    """Name the program that has to be installed first; None when all is there."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            return f"Apache Kafka needs Java {OLDEST_JAVA} and Maven, and there is no {program} here"
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', told.stderr)
    if version is None or int(version[1]) < OLDEST_JAVA:
        found = told.stderr.partition("\n")[0] or "none that starts"
        return f"Apache Kafka needs Java {OLDEST_JAVA} or newer, and here is {found}"
    return None


def fetch() -> str | None:
    """Get every jar into an empty folder; gives what went wrong."""
    shutil.rmtree(JARS, ignore_errors=True)
    copy = ["dependency:copy-dependencies", f"-DoutputDirectory={JARS}", "-DincludeScope=runtime"]
    done = subprocess.run(
        ["mvn", "--batch-mode", "--quiet", "--file", str(HERE / "pom.xml"), *copy],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if "ERROR" in line]
    if done.returncode:
        return errors[0] if errors else f"exit code {done.returncode}"
    return None


def locked() -> dict[str, str]:
    """Digests by file name, as committed."""
    lines = LOCK.read_text().splitlines() if LOCK.exists() else []
    return {name: digest for digest, name in (line.split() for line in lines)}


def present() -> dict[str, str]:
    """Digests by file name, as they are in the folder."""
    return {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in JARS.glob("*.jar")}


def differences(here: dict[str, str], expected: dict[str, str]) -> list[str]:
    """What is wrong with the jars that are here, a phrase for each."""
    return [
        *(f"{name} is missing" for name in sorted(expected.keys() - here.keys())),
        *(f"{name} is not in the list" for name in sorted(here.keys() - expected.keys())),
        *(
            f"{name} has another digest"
            for name in sorted(expected)
            if here.get(name, "") not in ("", expected[name])
        ),
    ]


def say(message: str, code: int) -> int:
    print("test-kafka:", message, file=sys.stderr)  # noqa: T201 - a command of its own
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
