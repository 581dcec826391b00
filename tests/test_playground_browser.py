"""The playground in a browser: what a person does with keyboard and mouse, and then sees."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.history.stored import ServerSettings
from bot.wording import ABSTAINED
from tests.discord_server import Attachment
from tests.discord_server.messages import walk
from tests.playground import tour
from tests.playground.scene import Scene
from tests.playground.visiting import ADVICE, Visitor, browser, find_chromium
from tests.playground.visits import Ground, playground

pytestmark = pytest.mark.asyncio(loop_scope="session")

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ROOT = Path(__file__).parent.parent
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; without one CI fails, and anybody else is told how to get one."""
    found = find_chromium()
    if found is None and os.environ.get("CI"):
        pytest.fail(ADVICE)
    if found is None:
        pytest.skip(ADVICE)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opened(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all tests; each visitor's window knows nothing of the others."""
    async with browser(chromium) as found:
        yield found


@dataclass(frozen=True)
class Visit:
    ground: Ground
    browser: Browser
    visitor: Visitor

    async def another(self, *, width: int = 1280) -> Visitor:
        """Somebody else's window on the same world."""
        return await Visitor.enter(self.browser, self.ground.page.url, width=width)


@asynccontextmanager
async def visiting(
    opened: Browser,
    folder: Path,
    texts: dict[str, str] | None = None,
    *,
    copied: Path | None = None,
) -> AsyncIterator[Visit]:
    async with playground(folder, texts, copied=copied) as ground:
        visitor = await Visitor.enter(opened, ground.page.url)
        yield Visit(ground, opened, visitor)
        assert visitor.errors == []
        for context in opened.contexts:
            await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(opened: Browser, tmp_path: Path) -> AsyncIterator[Visit]:
    async with visiting(opened, tmp_path) as found:
        yield found


async def test_the_tour_of_the_pictures_can_be_taken(opened: Browser, tmp_path: Path) -> None:
    seen: list[str] = []
    async with visiting(opened, tmp_path, copied=ROOT / "seeds") as visit:

        async def pause(name: str) -> None:
            seen.append(name)

        await tour.tour(visit.visitor, pause)
    assert seen == ["answer", "context", "feedback", "ask", "search", "settings"]


async def test_a_mention_is_answered_with_its_quote(visit: Visit) -> None:
    here = visit.visitor
    await tour.ask(here)
    answer = here.last
    assert await answer.locator("h4").inner_text() == "every six months"
    assert (
        "The group meets every six months." in await answer.locator("blockquote").first.inner_text()
    )
    assert await answer.locator("blockquote strong").first.inner_text() == "every six months"
    assert "talks.txt" in await answer.locator("code").first.inner_text()
    assert await answer.locator(".above").text_content() == f"Grace@Footnote {tour.QUESTION}"


async def test_context_is_shown_to_whoever_wants_it_alone(visit: Visit) -> None:
    grace, linus = visit.visitor, await visit.another()
    await linus.become("Linus")
    await tour.ask(grace)
    await linus.shows("Confidence:")
    await tour.show_in_context(grace)
    assert "Its chair is Ada Lovelace." in await grace.private.inner_text()
    assert await linus.messages.count() == 2
    await grace.become("Linus")
    await grace.shows("Confidence:")
    assert await grace.private.count() == 0
    await grace.become("Grace")
    await grace.private.wait_for()
    await tour.dismiss(grace)
    await grace.page.reload()
    await grace.shows("Confidence:")
    assert await grace.private.count() == 0


async def test_a_wrong_answer_is_complained_of_in_a_form(visit: Visit) -> None:
    async def pause(_: str) -> None:
        assert await visit.visitor.page.get_by_role("dialog").is_visible()

    await tour.ask(visit.visitor)
    await tour.complain(visit.visitor, pause)
    assert await visit.visitor.page.get_by_role("dialog").count() == 0
    (sent,) = [one for one in visit.ground.discord.calls if one.payload["type"] == 5]
    assert "Twice a year" in str(sent.payload["data"])


async def test_a_form_is_left_with_escape_and_nothing_is_sent(visit: Visit) -> None:
    await tour.ask(visit.visitor)
    await visit.visitor.press("👎")
    dialog = visit.visitor.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("never mind")
    await visit.visitor.page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    assert all(one.payload["type"] != 5 for one in visit.ground.discord.calls)


async def test_search_takes_the_keyboard_alone(visit: Visit) -> None:
    here = visit.visitor
    await here.page.keyboard.type("/sea")
    await here.option("/search").wait_for()
    await here.page.keyboard.press("Enter")
    await here.page.keyboard.press("Enter")  # not yet: the query is required
    assert await here.page.locator("[aria-invalid]").count() == 1
    await here.page.keyboard.type("bread")
    await here.page.keyboard.press("Enter")
    found = await here.shows("Bread is baked daily.")
    assert await found.locator(".above").text_content() == "Grace used /search"
    assert await here.words.is_visible()
    assert await here.words.evaluate("it => it === document.activeElement")


async def test_a_command_is_left_with_escape(visit: Visit) -> None:
    await visit.visitor.begin("search")
    await visit.visitor.page.keyboard.press("Escape")
    assert await visit.visitor.page.locator(".command").count() == 0
    assert await visit.visitor.words.evaluate("it => it === document.activeElement")


async def test_a_document_is_chosen_from_what_the_bot_suggests(visit: Visit) -> None:
    here = visit.visitor
    await here.begin("ask")
    await here.page.keyboard.type("how long does it keep?")
    await here.page.keyboard.press("Tab")
    await here.option("private").wait_for()
    await here.page.keyboard.type("doc")
    await here.page.keyboard.press("Enter")
    await here.page.keyboard.type("brea")
    await here.option("Bread").click()
    assert await here.page.locator("[data-option=document]").input_value() == "Bread"
    await here.page.keyboard.press("Enter")
    await here.shows("for a week")
    (call,) = [one for one in visit.ground.discord.calls if one.payload["type"] == 2]
    sent = {one["name"]: one["value"] for one in call.payload["data"]["options"]}
    assert sent == {"question": "how long does it keep?", "document": "bread.txt"}


async def test_the_other_server_sees_nothing_of_what_is_this_ones_own(visit: Visit) -> None:
    here = visit.visitor
    question = "@Footnote who repaired the cider press?"
    await here.write(question)
    await here.shows("Maria Keller")
    await here.go_to("Book Circle")
    assert await here.messages.count() == 0
    await here.write(question)
    await here.shows(ABSTAINED)
    assert "Maria" not in await here.page.locator("body").inner_text()
    await here.begin("documents")
    await here.page.keyboard.press("Enter")
    await here.shows("used /documents")
    await here.messages.filter(has_text="thinking").wait_for(state="detached")
    assert "rchard" not in await here.page.locator("#messages").inner_text()
    await here.go_to("Orchard Club")
    await here.shows("Maria Keller")


async def test_a_closed_channel_is_not_listed_for_others(visit: Visit) -> None:
    names = visit.visitor.page.locator("#channels button")
    assert await names.all_inner_texts() == ["#\ngeneral", "#\nask-the-documents", "staff-room"]
    await visit.visitor.become("Linus")
    await visit.visitor.page.locator("#channels", has_not_text="staff-room").wait_for()
    assert await names.count() == 2


async def test_an_ask_channel_needs_no_mention_and_neither_do_direct_messages(
    visit: Visit,
) -> None:
    await visit.visitor.go_to("Orchard Club", "ask-the-documents")
    await visit.visitor.write(tour.QUESTION)
    await visit.visitor.shows("every six months")
    await visit.visitor.go_to("Direct messages")
    await visit.visitor.write(tour.QUESTION)
    await visit.visitor.shows("every six months")


async def test_settings_are_changed_in_their_lists_with_the_keyboard(visit: Visit) -> None:
    here, servers = visit.visitor, visit.ground.running.backend.servers
    guild = visit.ground.scene.orchard.id
    await tour.see_settings(here)
    asked = here.private.locator(".selectbutton").first
    assert await asked.inner_text() == "ask-the-documents\n⌄"
    await asked.focus()
    await here.page.keyboard.press("ArrowDown")
    await here.page.keyboard.press("Enter")  # the first channel too
    await here.page.keyboard.press("Escape")
    await here.shows("Ask channels changed")
    scene = visit.ground.scene
    assert servers.ask_channels(guild) == sorted([scene.general.id, scene.ask.id])
    mentions = here.private.locator(".selectbutton").nth(1)
    await mentions.click()
    await here.page.keyboard.press("ArrowDown")
    await here.page.keyboard.press("Enter")
    await here.shows("Mentions changed")
    assert servers.settings(guild).answers == "thread"


async def test_the_menu_of_a_message_answers_it(visit: Visit) -> None:
    here = visit.visitor
    await here.write(tour.QUESTION)
    await here.last.click(button="right")
    await here.page.get_by_role("button", name="Answer this").click()
    answer = await here.shows("every six months", here.private)
    assert await answer.locator(".above").text_content() == "Grace used Answer this"


async def test_a_reply_is_understood_with_what_was_asked_before(visit: Visit) -> None:
    here = visit.visitor
    await tour.ask(here)
    await here.last.hover()
    await here.press("Reply")
    await here.write("and who is its chair?")
    await here.shows("Understood as:")
    assert "Footnote" in (await here.messages.nth(2).locator(".above").text_content() or "")


async def test_a_folder_is_linked_to_a_role_that_is_chosen(visit: Visit) -> None:
    here, scene = visit.visitor, visit.ground.scene
    await here.begin("collection link")
    await here.page.keyboard.type("staff")
    await here.page.keyboard.press("Tab")
    await here.page.keyboard.type("chan")
    await here.page.keyboard.press("Enter")
    await here.page.keyboard.type("gen")
    await here.page.keyboard.press("Enter")
    await here.page.keyboard.press("Enter")
    await here.shows("used /collection link")
    await here.private.first.wait_for()
    await visit.ground.discord.until(
        lambda: len(visit.ground.running.backend.servers.links(scene.orchard.id)) == 2
    )


@pytest.mark.parametrize("in_form", [False, True])
async def test_a_file_is_uploaded_and_then_answered_from(
    visit: Visit, tmp_path: Path, *, in_form: bool
) -> None:
    here = visit.visitor
    path = tmp_path / "tides.txt"
    path.write_text("Tides\n\nThe lighthouse keeper sleeps until noon.", "utf-8")
    await here.begin("upload")
    if in_form:
        await here.page.keyboard.press("Enter")
        dialog = here.page.get_by_role("dialog")
        await dialog.locator("input[type=file]").set_input_files(path)
        await dialog.get_by_role("button", name="Submit").click()
        await dialog.wait_for(state="detached")
    else:
        await here.page.keyboard.type("file")
        await here.page.keyboard.press("Enter")
        await here.page.locator("[data-option=file]").set_input_files(path)
        await here.page.locator(".tail:focus").wait_for()
        await here.page.keyboard.press("Enter")
    await here.shows("1 added", here.private)
    await here.write("@Footnote until when does the lighthouse keeper sleep?")
    await here.shows("sleeps until noon")


async def test_what_was_not_answered_is_downloaded_and_its_link_leads_back(
    visit: Visit, tmp_path: Path
) -> None:
    here = visit.visitor
    await here.write("@Footnote what is the airspeed of a swallow?")
    await here.shows(ABSTAINED)
    await here.begin("gaps")
    await here.page.keyboard.press("Enter")
    panel = await here.shows("airspeed", here.private)
    await panel.get_by_role("button", name="CSV").click()
    file = here.page.locator(".file a.download")
    await file.wait_for()
    async with here.page.expect_download() as started:
        await file.click()
    await (await started.value).save_as(tmp_path / "gaps.csv")
    assert "airspeed" in (tmp_path / "gaps.csv").read_text("utf-8")
    await here.go_to("Orchard Club", "ask-the-documents")
    await here.go_to("Orchard Club", "general")
    await here.private.first.get_by_role("button", name="show", exact=True).click()
    assert await here.page.locator("#title").inner_text() == "# general"


async def test_an_answer_in_a_thread_is_found_below_its_question(visit: Visit) -> None:
    here, servers = visit.visitor, visit.ground.running.backend.servers
    await servers.change(ServerSettings(visit.ground.scene.orchard.id, answers="thread"))
    await here.write(f"@Footnote {tour.QUESTION}")
    await here.page.get_by_role("button", name="See thread").click()
    await here.shows("every six months")
    assert await here.messages.first.locator(".author").inner_text() == "Grace"
    assert await here.page.locator("#channels .inner").count() == 1


async def test_the_bot_speaks_the_language_that_is_chosen(visit: Visit) -> None:
    here = visit.visitor
    await here.page.get_by_label("Language").select_option("de")
    await here.words.press_sequentially("/")
    await here.option("Dokument").wait_for()
    offered = here.page.locator(".listbox .optiondetail")
    assert not any("documents" in text for text in await offered.all_inner_texts())


@pytest.mark.parametrize("by_bot", [False, True])
async def test_hostile_text_is_text(opened: Browser, tmp_path: Path, *, by_bot: bool) -> None:
    texts = {"evil.txt": f"Evil\n\nThe zebra password is {HOSTILE} for all."}
    async with visiting(opened, tmp_path, texts) as visit:
        here = visit.visitor
        if by_bot:
            await here.begin("search")
            await here.page.keyboard.type("zebra password")
            await here.page.keyboard.press("Enter")
        else:
            await here.write(f"{HOSTILE} [a](javascript:window.hacked=1) <b>bold</b>")
        await here.shows("onerror=")
        assert await here.page.evaluate("window.hacked") is None
        assert await here.page.locator("#messages :is(img, script, b, a)").count() == 0
        assert "<script>window.hacked=1</script>" in await here.last.inner_text()


async def test_a_bot_that_does_not_answer_is_shown_as_discord_shows_it(visit: Visit) -> None:
    here, faults = visit.visitor, visit.ground.discord.faults
    await tour.ask(here)
    faults.fail("POST", "/callback$", 400, times=20)
    await here.page.get_by_role("button", name="Show in context").first.click()
    await here.begin("help")
    await here.page.keyboard.press("Enter")
    await here.shows("This interaction failed")
    await here.shows("The application did not respond")


def every_component(scene: Scene, picture: Attachment, file: Attachment) -> list[Any]:
    """One message with all that can be in one."""
    buttons = [
        {"type": 2, "style": style, "label": f"Style {style}", "custom_id": f"b{style}"}
        for style in (1, 2, 3, 4)
    ]
    buttons[3] |= {"disabled": True}
    amounts = {"min_values": 0, "max_values": 2}
    selects = [
        {"type": kind, "custom_id": f"s{kind}", "default_values": [{"id": id, "type": word}]}
        for kind, word, id in (
            (5, "user", str(scene.linus.id)),
            (6, "role", str(scene.staff.id)),
            (7, "user", str(scene.grace.id)),
            (8, "channel", str(scene.ask.id)),
        )
    ]
    link = {"type": 2, "style": 5, "label": "Link", "url": "https://example.com/a"}
    media = {"media": {"url": picture.url}, "description": "a picture"}
    section: Any = {"type": 9, "components": [{"type": 10, "content": "**Section**"}]}
    inside = [
        section | {"accessory": {"type": 11} | media},
        {"type": 14, "spacing": 2},
        {"type": 12, "items": [media, media]},
        {"type": 13, "file": {"url": file.url}},
        {"type": 1, "components": buttons},
        {"type": 1, "components": [link]},
        *({"type": 1, "components": [select | amounts]} for select in selects),
    ]
    return [{"type": 17, "accent_color": 0xFF0000, "components": inside}]


async def test_every_component_is_shown_and_can_be_used(visit: Visit) -> None:
    here, discord, scene = visit.visitor, visit.ground.discord, visit.ground.scene
    picture = discord.attach("a.png", PIXEL)
    file = discord.attach("notes.txt", b"x" * 2048)
    message = discord.world.compose(discord.bot, scene.general, attachments=[picture, file])
    message.components = every_component(scene, picture, file)
    for number, part in enumerate(walk(message.components)):
        part["id"] = number
    discord.world.publish(message)
    shown = await here.shows("Section")
    assert await shown.locator("img").evaluate_all("all => all.map((it) => it.alt)") == [
        *["a picture"] * 3
    ]
    assert "notes.txt" in await shown.locator(".file").inner_text()
    assert "2.00 KB" in await shown.locator(".file").inner_text()
    for style, colour in (("primary", "rgb(88, 101, 242)"), ("success", "rgb(36, 128, 70)")):
        background = "it => getComputedStyle(it).backgroundColor"
        assert await shown.locator(f".button.{style}").evaluate(background) == colour
    assert await shown.get_by_role("button", name="Style 4").is_disabled()
    link = shown.get_by_role("link", name="Link")
    assert await link.get_attribute("href") == "https://example.com/a"
    lists = shown.locator(".selectbutton .pill")
    assert await lists.all_inner_texts() == ["Linus", "@Staff", "Grace", "ask-the-documents"]
    await shown.locator("[data-id=s7]").click()
    await here.option("@Staff").click()
    await here.page.keyboard.press("Escape")
    await discord.until(lambda: any(one.payload["type"] == 3 for one in discord.calls))
    (call,) = [one for one in discord.calls if one.payload["type"] == 3]
    assert call.payload["data"]["values"] == [str(scene.grace.id), str(scene.staff.id)]
    assert {"users", "roles"} <= call.payload["data"]["resolved"].keys()


async def test_a_narrow_window_shows_all_with_the_channels_in_a_drawer(visit: Visit) -> None:
    here = await visit.another(width=380)
    await tour.ask(here)
    wide = await here.page.evaluate("document.documentElement.scrollWidth")
    body = await here.page.evaluate("document.querySelector('#scroll').scrollWidth")
    assert max(wide, body) <= 380
    assert not await here.page.locator("#channels").is_visible()
    await here.press("Servers and channels", here.page.locator("#top"))
    await here.page.locator("#channels").get_by_role("button", name="ask-the-documents").click()
    await here.page.locator("#title", has_text="ask-the-documents").wait_for()
    await here.page.locator("#channels").wait_for(state="hidden")


MARKUP = [
    (
        "**a** *b* _c_ __d__ ~~e~~",
        "<p><strong>a</strong> <em>b</em> <em>c</em> <u>d</u> <s>e</s></p>",
    ),
    ("***a***", "<p><strong><em>a</em></strong></p>"),
    (r"\*a\* \_b\_ \`c\`", "<p>*a* _b_ `c`</p>"),
    ("a_b_c 2*3*4", "<p>a_b_c 2<em>3</em>4</p>"),
    ("`**a**` ``b`c``", "<p><code>**a**</code> <code>b`c</code></p>"),
    ("# a\n### b\n-# c", '<h2>a</h2><h4>b</h4><p class="subtext">c</p>'),
    (
        "> a\n> b\nc",
        '<blockquote><div class="markdown"><p>a</p><p>b</p></div></blockquote><p>c</p>',
    ),
    ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
    ("```\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
    ("<b>&amp;</b>", "<p>&lt;b&gt;&amp;amp;&lt;/b&gt;</p>"),
    (
        "[a](<https://b.c>)",
        '<p><a href="https://b.c" target="_blank" rel="noreferrer noopener">a</a></p>',
    ),
    ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
    ("@everyone", '<p><span class="mention">@everyone</span></p>'),
    (r"\@everyone", "<p>@everyone</p>"),
    (r"\# a", "<p># a</p>"),
    ("||a||", '<p><button type="button" class="spoiler">a</button></p>'),
    ("**a", "<p>**a</p>"),
    ("", "<p><br></p>"),
]


async def test_markdown_reads_as_on_discord(visit: Visit) -> None:
    shown = await visit.visitor.page.evaluate(
        """async (texts) => {
            const { markdown } = await import("./markdown.js");
            return texts.map((text) => markdown(text).innerHTML);
        }""",
        [text for text, _ in MARKUP],
    )
    assert shown == [html for _, html in MARKUP]
