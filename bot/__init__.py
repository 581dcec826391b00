"""Footnote's faces: the terminal and Discord. All that is known about documents is in ``index``."""

__version__ = "0.1.0"
