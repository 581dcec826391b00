"""How far long work has come, told to whoever waits for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come: ``done`` of ``total`` in a stage that a person understands."""

    stage: str
    done: int
    total: int
