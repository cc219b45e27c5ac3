"""Macros and variables of a panel's SQL, expanded as Grafana and its ClickHouse plugin do it.

    panel's rawSql ──▶ $__conditionalAll ──▶ ${variables} ──▶ $__macros ──▶ SQL that the engine runs
                       └────── in the browser ──────┘        └ in the backend ┘

Alert rules never pass a browser: theirs are expanded with no variables, and whatever needs one
is an error.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

ALL: Final = "$__all"
"""The value of a variable whose "All" is chosen."""

Value = str | Sequence[str]

CONDITIONAL_ALL: Final = "$__conditionalAll("
_VARIABLE = re.compile(r"\$\{(?P<braced>\w+)(?::(?P<format>\w+))?\}|\$(?P<bare>(?!__)\w+)")
_MACRO = re.compile(r"\$__(?P<name>\w+)(?P<call>\()?")


class MacroError(ValueError):
    """SQL that Grafana could not expand, or would expand to something else than was meant."""


def expand(
    sql: str, start: datetime, end: datetime, interval: timedelta, variables: Mapping[str, Value]
) -> str:
    """What the engine is asked.

    Args:
        sql: a target's `rawSql`.
        start: beginning of the dashboard's time range, aware.
        end: its end, inclusive, aware.
        interval: the width of a bucket that Grafana proposes; whole seconds, at least one.
        variables: name to value, to several values, or to `ALL`.

    Raises:
        MacroError: an unknown macro or variable, unbalanced brackets, `ALL` outside of `$__conditionalAll`,
            a value without quotes that is not one plain word, or anything that still begins with `$`.
    """
    asked = _variables(_conditional(sql, variables), variables)
    expanded = _macros(asked, start, end, max(int(interval.total_seconds()), 1))
    if "$" in _without_strings(expanded):
        raise MacroError(f"a $ is left in: {expanded}")
    return expanded


def _conditional(sql: str, variables: Mapping[str, Value]) -> str:
    """`$__conditionalAll(condition, $variable)`: the condition, or `1=1` if everything is chosen."""
    while (at := sql.rfind(CONDITIONAL_ALL)) >= 0:
        arguments, after = _arguments(sql, at + len(CONDITIONAL_ALL) - 1)
        if len(arguments) < 2:  # noqa: PLR2004, a condition and a variable
            raise MacroError(f"$__conditionalAll takes a condition and a variable: {sql[at:after]}")
        *condition, variable = arguments
        named = _VARIABLE.fullmatch(variable.strip())
        if named is None:
            raise MacroError(f"$__conditionalAll needs a variable at its end, not {variable.strip()}")
        chosen = _chosen(named, variables)
        sql = sql[:at] + ("1=1" if chosen == ALL or not chosen else ",".join(condition)) + sql[after:]
    return sql


def _variables(sql: str, variables: Mapping[str, Value]) -> str:
    def value(found: re.Match[str]) -> str:
        chosen = _chosen(found, variables)
        if chosen == ALL:
            raise MacroError(f"{found[0]} stands outside of $__conditionalAll while All is chosen")
        values = [chosen] if isinstance(chosen, str) else list(chosen)
        if found["format"] == "singlequote":
            return ",".join("'" + each.replace("\\", "\\\\").replace("'", "\\'") + "'" for each in values)
        if found["format"] is None and len(values) == 1 and re.fullmatch(r"[\w.-]+", values[0]):
            return values[0]
        raise MacroError(f"{found[0]} must be quoted: ${{{found['braced'] or found['bare']}:singlequote}}")

    return _VARIABLE.sub(value, sql)


def _chosen(found: re.Match[str], variables: Mapping[str, Value]) -> Value:
    name = found["braced"] or found["bare"]
    if name not in variables:
        raise MacroError(f"no variable is named {name}")
    return variables[name]


def _macros(sql: str, start: datetime, end: datetime, seconds: int) -> str:
    first, last = (f"toDateTime({int(moment.timestamp())})" for moment in (start, end))
    constants: dict[str, str] = {"fromTime": first, "toTime": last, "interval_s": str(seconds)}
    functions: dict[str, Callable[[str], str]] = {
        "timeFilter": lambda column: f"{column} >= {first} AND {column} <= {last}",
        "dateFilter": lambda column: (
            f"{column} >= toDate('{start.date()}') AND {column} <= toDate('{end.date()}')"
        ),
        "timeInterval": lambda column: f"toStartOfInterval(toDateTime({column}), INTERVAL {seconds} second)",
    }
    while (found := _MACRO.search(sql)) is not None:
        name, after = found["name"], found.end()
        if name in constants:
            expanded, after = constants[name], found.end("name")
        elif name in functions and found["call"]:
            arguments, after = _arguments(sql, found.end() - 1)
            if len(arguments) != 1 or not arguments[0].strip():
                raise MacroError(f"$__{name} takes one column")
            expanded = functions[name](arguments[0].strip())
        else:
            raise MacroError(f"no macro is named $__{name}")
        sql = sql[: found.start()] + expanded + sql[after:]
    return sql


def _arguments(sql: str, opening: int) -> tuple[list[str], int]:
    """What stands between the bracket at `opening` and its partner, parted at commas; and where it ends."""
    arguments: list[str] = []
    depth, begin = 0, opening + 1
    for at in range(opening, len(sql)):
        character = sql[at]
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if not depth:
                return [*arguments, sql[begin:at]], at + 1
        elif character == "," and depth == 1:
            arguments.append(sql[begin:at])
            begin = at + 1
    raise MacroError(f"a bracket is not closed: {sql[opening:]}")


def _without_strings(sql: str) -> str:
    return re.sub(r"'(?:[^'\\]|\\.)*'", "''", sql)
