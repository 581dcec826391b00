"""What a person must do at Discord's, step by step."""

PORTAL = "https://discord.com/developers/applications"


# To view channels, send messages, also in threads, and read the history that replies refer to.
PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 38 | 1 << 16


class FatalError(Exception):
    """The bot cannot run, and would not after another try. The message says what to do."""


def invite(application: int) -> str:
    """The link by which somebody who manages a server adds the bot to it."""
    return link(str(application))


def link(application: str) -> str:
    """The invite link of an application, or of whatever stands in its place."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope=bot+applications.commands&permissions={PERMISSIONS}"
    )


NO_TOKEN = f"""\
There is no DISCORD_TOKEN, so the bot cannot log in. To get one:
1. Open {PORTAL} and choose New Application.
2. On the page Bot, choose Reset Token, and copy the token.
3. Write it into the file .env, on a line of its own: DISCORD_TOKEN=the-token
4. On the page General Information, copy the Application ID, and invite the bot with
   {link("APPLICATION_ID")}
5. Run this command again. `footnote check` tells what else may be missing."""

WRONG_TOKEN = f"""\
Discord does not know this DISCORD_TOKEN. Copy it again, or make a new one: {PORTAL},
your application, page Bot, Reset Token. It goes into .env without quotes and without "Bot "."""

NO_MESSAGE_CONTENT = f"""\
FOOTNOTE_MESSAGE_CONTENT is on, but Discord has not granted that to this bot. Either open
{PORTAL}, your application, page Bot, and turn on
"Message Content Intent"; or set FOOTNOTE_MESSAGE_CONTENT=off, and have questions asked by mention,
/ask and direct message."""
