"""The catalogue, the queries and the views fit together."""

from __future__ import annotations

import pytest

from schemas.metrics import CATALOGUE, ENTRIES
from sinks.operations import operations
from sinks.queries import SOURCES, metrics_of
from sinks.views import views


def test_columns_are_told_once():
    columns = [metric.column for metric in ENTRIES]
    assert len(columns) == len(set(columns))


def test_every_source_has_a_query():
    assert {metric.source for metric in CATALOGUE} - SOURCES.keys() == {"nowhere"}


@pytest.mark.parametrize("source", sorted(SOURCES.keys() - {"roots"}))
def test_the_metrics_of_a_source_leave_out_the_same_platforms(source):
    assert len({metric.cannot for metric in metrics_of(source)}) == 1


def test_every_column_of_every_view_is_explained(client):
    sql = "SELECT table, name, comment FROM system.columns WHERE database = currentDatabase()"
    named = views("any").keys() | operations("any").keys()
    columns = [row for row in client.query(sql).result_rows if row[0] in named]
    assert {row[0] for row in columns} == named
    assert [(view, name) for view, name, comment in columns if not comment] == []
