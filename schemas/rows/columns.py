"""Rows that came column by column, and are made one by one only where somebody asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from schemas.rows.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

R = TypeVar("R", bound=Row)


class ColumnarRows(Sequence[R]):
    """Rows of one model, which nobody checks: a table has the types that it has.

    Args:
        row: The model.
        columns: All of its columns by name, each as long as the others.
    """

    def __init__(self, row: type[R], columns: Mapping[str, list[Any]]) -> None:
        self._row = row
        self.columns = columns

    @classmethod
    def of(cls, row: type[R], rows: Sequence[R]) -> ColumnarRows[R]:
        """Some rows, column by column."""
        if isinstance(rows, ColumnarRows):
            return rows
        return cls(row, {name: [getattr(one, name) for one in rows] for name in row.model_fields})

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @overload
    def __getitem__(self, place: int) -> R: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[R]: ...
    def __getitem__(self, place: int | slice) -> R | Sequence[R]:
        if isinstance(place, slice):
            return type(self)(self._row, {name: column[place] for name, column in self.columns.items()})
        return self._row.trusted({name: column[place] for name, column in self.columns.items()})

    def __iter__(self) -> Iterator[R]:
        for values in zip(*self.columns.values(), strict=True):
            yield self._row.trusted(dict(zip(self.columns, values, strict=True)))
