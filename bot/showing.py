"""An answer on the terminal, and beneath it a language model's words for it, where one is set."""

from rich.text import Text

from bot.jsonlines import phrased_record, result_record
from bot.session import Session
from bot.views import prose_view, result_view
from index.records import Abstained, Answer


def show(session: Session, result: Answer | Abstained, *, end: str = "") -> None:
    """Show what was found at once, and a model's words when they are there; as JSON together."""
    terminal = session.terminal
    if terminal.as_json and session.phraser is None:
        terminal.json(result_record(result))
    elif terminal.as_json:
        terminal.json(phrased_record(result, session.phrased(result)))
    else:
        terminal.show(result_view(result).append(end))
        if prose := session.phrased(result):
            terminal.show(Text("" if end else "\n") + prose_view(prose).append(end))
