from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.macros import ALL, MacroError, expand

START, END = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, 12, tzinfo=UTC)


def told(sql, interval=timedelta(minutes=5), **variables):
    return expand(sql, START, END, interval, variables)


@pytest.mark.parametrize(
    ("sql", "expanded"),
    [
        ("$__fromTime, $__toTime", "toDateTime(1767571200), toDateTime(1767700800)"),
        ("$__timeFilter(at)", "at >= toDateTime(1767571200) AND at <= toDateTime(1767700800)"),
        ("$__dateFilter(day)", "day >= toDate('2026-01-05') AND day <= toDate('2026-01-06')"),
        ("$__timeInterval(t.at)", "toStartOfInterval(toDateTime(t.at), INTERVAL 300 second)"),
        ("$__timeInterval(f(a, (b)))", None),
        ("$__interval_s", "300"),
    ],
)
def test_macros_of_the_backend(sql, expanded):
    if expanded is None:
        with pytest.raises(MacroError, match="takes one column"):
            told(sql.replace("f(a, (b))", "a, b"))
    else:
        assert told(sql) == expanded


def test_a_bucket_has_at_least_a_second():
    assert "INTERVAL 1 second" in told("$__timeInterval(at)", timedelta(milliseconds=20))


def test_a_chosen_variable_is_quoted_and_its_quotes_are_escaped():
    sql = "$__conditionalAll(brand IN (${brand:singlequote}), $brand)"
    assert told(sql, brand=["a", "o'b\\"]) == "brand IN ('a','o\\'b\\\\')"
    assert told(sql, brand="a") == "brand IN ('a')"


def test_all_takes_the_condition_away():
    brand = "$__conditionalAll(brand IN (${brand:singlequote}), $brand)"
    sql = f"x AND {brand} AND $__conditionalAll(f(a, b), ${{p}})"
    assert told(sql, brand=ALL, p=ALL) == "x AND 1=1 AND 1=1"
    assert told(sql, brand=ALL, p="q") == "x AND 1=1 AND f(a, b)"


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("$__timeFitler(at)", "no macro is named"),
        ("$brnad", "no variable is named brnad"),
        ("$brand", "stands outside"),
        ("$hostile", "must be quoted"),
        ("$__timeFilter(at", "not closed"),
        ("$__timeFilter()", "takes one column"),
        ("$__conditionalAll(true, brand)", "needs a variable"),
        ("SELECT $", "a \\$ is left"),
    ],
)
def test_what_grafana_could_not_expand_is_an_error(sql, problem):
    with pytest.raises(MacroError, match=problem):
        told(sql, brand=ALL, hostile="a' OR 1=1 --")


def test_a_dollar_in_a_value_is_a_dollar():
    assert told("${c:singlequote}", c="$5") == "'$5'"
