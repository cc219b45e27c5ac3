"""What all rows share."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """What all rows share: frozen, nothing but their columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def trusted(cls, columns: dict[str, Any]) -> Self:
        """A row of the pipeline's own making, which nobody checks: that takes ten times as long as making it.

        Tests hold such rows against the model.

        Args:
            columns: All columns, each of its very type. They become the row.
        """
        row = cls.__new__(cls)
        put = object.__setattr__  # rows are frozen
        put(row, "__dict__", columns)
        put(row, "__pydantic_fields_set__", _ALL)
        put(row, "__pydantic_extra__", None)
        put(row, "__pydantic_private__", None)
        return row

    def but(self, **columns: Any) -> Self:  # noqa: ANN401 - whatever the columns hold
        """The same row with some other columns, which nobody checks either."""
        return self.trusted(vars(self) | columns)


_ALL: set[str] = set()
"""What a trusted row says was set: nobody asks, and one set for all of them takes no time."""
