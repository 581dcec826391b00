"""The playground: the bot in a page that looks like Discord, on this machine alone.

``python -m tests.playground`` runs the bot, the tests' little Discord, and a page to use both with.
"""
