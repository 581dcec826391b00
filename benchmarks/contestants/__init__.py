"""Systems that do the same work, each run in a process of its own, in a Python that has it."""
