"""The steps that show the bot: taken by the tests, and for the pictures in the documentation."""

from collections.abc import Awaitable, Callable

from tests.playground.visiting import Visitor

QUESTION = "how often does the group meet?"
Pause = Callable[[str], Awaitable[None]]


async def tour(visitor: Visitor, pause: Pause) -> None:
    """See all that matters; ``pause`` is called with a name where there is something to see."""
    await ask(visitor)
    await pause("answer")
    await show_in_context(visitor)
    await pause("context")
    await dismiss(visitor)
    await complain(visitor, pause)
    await dismiss(visitor)
    await choose_document(visitor, pause)
    await search(visitor)
    await pause("search")
    await dismiss(visitor)
    await see_settings(visitor)
    await pause("settings")
    await dismiss(visitor)


async def ask(visitor: Visitor, question: str = QUESTION) -> None:
    """Ask by a mention, which is completed."""
    await visitor.words.press_sequentially("@foo")
    await visitor.option("Footnote").wait_for()
    await visitor.page.keyboard.press("Enter")
    await visitor.write(question)
    await visitor.shows("Confidence:")


async def show_in_context(visitor: Visitor) -> None:
    """See where the first quote stands; only oneself sees it."""
    await visitor.page.get_by_role("button", name="Show in context").first.click()
    await visitor.private.first.wait_for()


async def dismiss(visitor: Visitor) -> None:
    """Put away what only oneself sees."""
    await visitor.press("Dismiss message")
    await visitor.private.first.wait_for(state="detached")


async def complain(visitor: Visitor, pause: Pause) -> None:
    """Say with 👎 what would have been right."""
    await visitor.press("👎")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("Twice a year, says the charter.")
    await pause("feedback")
    await dialog.get_by_role("button", name="Submit").click()
    await dialog.wait_for(state="detached")
    await visitor.private.first.wait_for()


async def choose_document(visitor: Visitor, pause: Pause) -> None:
    """Ask one document alone, which is chosen from what is suggested."""
    await visitor.begin("ask")
    await visitor.page.keyboard.type(QUESTION)
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.type("doc")
    await visitor.page.keyboard.press("Enter")
    await visitor.option("").wait_for()
    await pause("ask")
    await visitor.page.keyboard.press("ArrowDown")
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("Enter")
    await visitor.shows("used /ask")
    await visitor.messages.filter(has_text="thinking").wait_for(state="detached")


async def search(visitor: Visitor, query: str = "working group") -> None:
    """Search, by typing alone."""
    await visitor.begin("search")
    await visitor.page.keyboard.type(query)
    await visitor.page.keyboard.press("Enter")
    await visitor.shows("used /search")
    await visitor.messages.filter(has_text="thinking").wait_for(state="detached")


async def see_settings(visitor: Visitor) -> None:
    """See what an admin can choose."""
    await visitor.begin("settings")
    await visitor.page.keyboard.press("Enter")
    await visitor.page.get_by_role("combobox").first.wait_for()
