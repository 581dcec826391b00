"""Somebody at the page: a real browser, driven with keyboard and mouse."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ADVICE = "No Chromium was found. On Debian and Ubuntu: sudo apt install chromium"
PATIENCE = 10_000  # milliseconds


def find_chromium() -> str | None:
    """The browser of this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def browser(executable: str) -> AsyncIterator[Browser]:
    """A browser without a window; as root it runs only without its sandbox."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = ["--disable-dev-shm-usage", *(["--no-sandbox"] if is_root else [])]
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=executable, args=flags)
        try:
            yield opened
        finally:
            await opened.close()


class Visitor:
    """What somebody does at the page and sees there. ``errors`` is what the page complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console", lambda told: self.errors.append(told.text) if told.type == "error" else None
        )

    @classmethod
    async def enter(
        cls, opened: Browser, url: str, *, width: int = 1280, height: int = 800
    ) -> "Visitor":
        """Open the page."""
        context = await opened.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce"
        )
        visitor = cls(await context.new_page())
        await visitor.page.goto(url)
        await visitor.page.locator("body[data-ready]").wait_for()
        return visitor

    @property
    def messages(self) -> Locator:
        """All messages of the channel."""
        return self.page.locator("#messages > li")

    @property
    def last(self) -> Locator:
        """The last message of the channel."""
        return self.messages.last

    @property
    def private(self) -> Locator:
        """The messages that only this person sees, once they say something."""
        private = self.messages.filter(has_text="Only you can see this")
        return private.filter(has_not_text="is thinking…")

    def option(self, name: str) -> Locator:
        """What can be chosen in the list that is open."""
        return self.page.locator(".listbox").get_by_role("option").filter(has_text=name).first

    @property
    def words(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox", name="Message")

    async def write(self, text: str) -> None:
        """Type, and press Enter."""
        await self.words.press_sequentially(text)
        await self.page.keyboard.press("Enter")

    async def press(self, name: str, inside: Locator | None = None) -> None:
        """Press a button of the last message that has one of this name."""
        scope = inside or self.messages
        await scope.get_by_role("button", name=name, exact=True).last.click()

    async def begin(self, command: str) -> None:
        """Type a slash command, and choose it from the list."""
        await self.words.press_sequentially(f"/{command}")
        await self.option(f"/{command}").wait_for()
        await self.page.keyboard.press("Enter")

    async def go_to(self, server: str, channel: str | None = None) -> None:
        """Open a server, and one of its channels."""
        await self.page.locator("#rail").get_by_role("button", name=server).click()
        await self.page.locator("#server", has_text=server).wait_for()
        if channel:
            await self.page.locator("#channels").get_by_role("button", name=channel).click()
            await self.page.locator("#title", has_text=channel).wait_for()

    async def become(self, person: str) -> None:
        """Be somebody else."""
        await self.page.get_by_label("You are").select_option(label=person)
        await self.page.locator(f"#person option:checked:text-is('{person}')").wait_for(
            state="attached"
        )

    async def shows(self, text: str, inside: Locator | None = None) -> Locator:
        """Wait until there is a message with this text."""
        found = (inside or self.messages).filter(has_text=text).last
        await found.wait_for()
        return found

    async def photograph(self, path: Path) -> None:
        """Take a picture of the page."""
        await self.page.locator("#scroll").evaluate("it => it.scrollTo(0, it.scrollHeight)")
        await self.page.wait_for_timeout(150)  # what moves comes to rest
        await self.page.screenshot(path=path)
