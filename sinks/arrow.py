"""Rows as Arrow tables, column by column: what ClickHouse takes fastest."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from functools import cache
from operator import itemgetter
from types import NoneType
from typing import TYPE_CHECKING, get_args, get_origin

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.rows import Row

_TYPES = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    bytes: pa.binary(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
}


@cache
def arrow_schema(row: type[Row]) -> pa.Schema:
    """The Arrow schema of a row model; ClickHouse narrows the integers to the table's own."""
    return pa.schema([_field(name, field.annotation) for name, field in row.model_fields.items()])


def to_arrow(row: type[Row], rows: Sequence[Row]) -> pa.Table:
    """Rows of one model as one Arrow table of a single batch.

    Raises:
        pyarrow.ArrowException: A value does not fit its type.
    """
    schema = arrow_schema(row)
    # One row after the other, and not one column: each is a large dictionary somewhere else in memory.
    columns = zip(*map(itemgetter(*schema.names), map(vars, rows)), strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _field(name: str, annotation: object) -> pa.Field:
    if get_origin(annotation) is tuple:
        return pa.field(name, pa.list_(_TYPES[get_args(annotation)[0]]), nullable=False)
    options = set(get_args(annotation)) or {annotation}
    kind = next(option for option in options if option is not NoneType)
    plain = str if isinstance(kind, type) and issubclass(kind, Enum) else kind
    return pa.field(name, _TYPES[plain], nullable=NoneType in options)
