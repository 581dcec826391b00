"""The commands of the terminal, one concern a module; ``bot.cli`` puts them together."""
