"""What a message says, read by small rules: one label a file, each with its version.

Every label is a pure function of the event and the registry. Those that read words know English, and say
None of
other languages; `coverage` in the reports is the share that was told. A label that comes to other answers
gets
another version, and `hubbub rebuild` applies it to what is stored.
"""

from streams.labels.label import Labels, label

__all__ = ["Labels", "label"]
