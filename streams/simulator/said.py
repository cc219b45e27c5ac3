"""What a message says: its text, and what was meant by it."""

from __future__ import annotations

from dataclasses import dataclass

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its meaning. Of a text that is not English nobody is held to know what is meant."""

    text: str
    lang: str = ENGLISH
    question: bool = False
    thanks: bool = False
    """It thanks, or says that it is solved."""
    love: bool = False
    """It tells of love or joy."""
    sentiment: int = 0
    """-1, 0 or 1."""
    deflects: bool = False
    """It only sends to a direct message or to a link."""
    asks: bool = False
    """It has a link or a campaign's tag."""
    signature: str = ""
    """Who has signed it, or empty."""
    template: str = ""
    """The ready-made answer that it is, or empty: two of one template differ in numbers and names only."""
    hashtags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """The hashtags, and the brands' topics that it is about; sorted."""

    @property
    def known(self) -> bool:
        """Whether its meaning can be told by reading it."""
        return self.lang == ENGLISH
