"""Says once that something is away, and once that it is back."""

from __future__ import annotations


class Presence:
    """Turns many looks at a thing into few lines about it.

    Args:
        name: Of the thing, as it begins a sentence.
        grace: Seconds that a fault has to last before it is worth a line.
    """

    def __init__(self, name: str, grace: float) -> None:
        self._name = name
        self._grace = grace
        self._since: float | None = None
        self._told = False

    def look(self, fault: str | None, now: float) -> str | None:
        """Note one look.

        Args:
            fault: What is wrong; None when all is well.
            now: Seconds on any steady clock.

        Returns:
            What to tell about it; None for nothing new.
        """
        if fault is None:
            since, told = self._since, self._told
            self._since, self._told = None, False
            if told and since is not None:
                return f"{self._name} is back after {now - since:.0f} s"
            return None
        if self._since is None:
            self._since = now
        if self._told or now - self._since < self._grace:
            return None
        self._told = True
        return f"{self._name} is away: {fault}; waiting for it"
