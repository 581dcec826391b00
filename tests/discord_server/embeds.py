"""Embeds under inspection."""

from tests.discord_server.form import Form

FIELDS = frozenset(
    {
        "title", "type", "description", "url", "timestamp", "color", "footer", "image",
        "thumbnail", "author", "fields", "flags",
    }
)  # fmt: skip


def check_embeds(form: Form) -> None:
    """Check the ``embeds`` of a message: each alone, and their length together."""
    embeds = form.each("embeds", 0, 10)
    total = sum(_check(embed) for embed in embeds)
    if total > 6000:
        form.at("embeds").refuse(
            "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED"
        )


def _check(embed: Form) -> int:
    embed.known(FIELDS)
    embed.number("color", 0, 0xFFFFFF)
    texts = [embed.text("title", 0, 256), embed.text("description", 0, 4096)]
    footer, author = embed.at("footer"), embed.at("author")
    if footer.given is not None:
        footer.known(frozenset({"text", "icon_url", "proxy_icon_url"}))
        texts.append(footer.text("text", 0, 2048))
    if author.given is not None:
        author.known(frozenset({"name", "url", "icon_url", "proxy_icon_url"}))
        texts.append(author.text("name", 0, 256))
    for field in embed.each("fields", 0, 25):
        field.known(frozenset({"name", "value", "inline"}))
        field.flag("inline")
        texts.append(field.text("name", 1, 256, required=True))
        texts.append(field.text("value", 1, 1024, required=True))
    return sum(len(text) for text in texts)
