"""How the bundled reader is trained; see docs/reader.md."""
