"""Components of messages under inspection: rows of buttons, or a layout of the second version."""

from dataclasses import dataclass, field
from types import MappingProxyType

from tests.discord_server.form import Form
from tests.discord_server.inputs import check_select

ROW, BUTTON, STRING, SECTION, TEXT, THUMBNAIL = 1, 2, 3, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER = 12, 13, 14, 17
SELECTS = frozenset({STRING, 5, 6, 7, 8})
IN_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
AT_TOP = IN_CONTAINER | {CONTAINER}
FIELDS = MappingProxyType(
    {
        ROW: frozenset({"components"}),
        BUTTON: frozenset({"style", "label", "emoji", "custom_id", "sku_id", "url", "disabled"}),
        SECTION: frozenset({"components", "accessory"}),
        TEXT: frozenset({"content"}),
        THUMBNAIL: frozenset({"media", "description", "spoiler"}),
        GALLERY: frozenset({"items"}),
        FILE: frozenset({"file", "spoiler"}),
        SEPARATOR: frozenset({"divider", "spacing"}),
        CONTAINER: frozenset({"components", "accent_color", "spoiler"}),
    }
)


@dataclass
class Layout:
    """What is counted over all components of a message."""

    files: frozenset[str]
    count: int = 0
    characters: int = 0
    custom_ids: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)

    def check(self, part: Form, allowed: frozenset[int]) -> None:
        """Check a component and all inside it."""
        kind = part.kind()
        if kind not in allowed:
            part.at("type").refuse(f"Value of field type must be one of {sorted(allowed)}.")
            return
        self.count += 1
        self._check_id(part)
        if kind in SELECTS:
            self._name(part)
            check_select(part, in_modal=False)
            return
        part.known(FIELDS[kind] | {"type", "id"})
        checks = {
            ROW: self._row,
            BUTTON: self._button,
            SECTION: self._section,
            TEXT: self._text,
            THUMBNAIL: self._thumbnail,
            GALLERY: self._gallery,
            FILE: self._file,
            SEPARATOR: self._separator,
            CONTAINER: self._container,
        }
        checks[kind](part)

    def _check_id(self, part: Form) -> None:
        number = part.number("id", 0, 2**31 - 1)
        if number and number in self.ids:
            part.at("id").refuse("Component id cannot be duplicated", "COMPONENT_ID_DUPLICATED")
        self.ids.add(number)

    def _name(self, part: Form) -> None:
        name = part.text("custom_id", 1, 100, required=True)
        if name in self.custom_ids:
            told = "Component custom id cannot be duplicated"
            part.at("custom_id").refuse(told, "COMPONENT_CUSTOM_ID_DUPLICATED")
        self.custom_ids.add(name)

    def _row(self, part: Form) -> None:
        children = part.each("components", 1, 5)
        for child in children:
            self.check(child, SELECTS | {BUTTON})
        if len(children) > 1 and any(child.kind() in SELECTS for child in children):
            told = "The specified component exceeds the maximum width"
            part.at("components").refuse(told, "COMPONENT_LAYOUT_WIDTH_EXCEEDED")

    def _button(self, part: Form) -> None:
        style = part.number("style", 1, 6)
        label = part.text("label", 0, 80)
        part.flag("disabled")
        named, linked = part.get("custom_id") is not None, part.get("url") is not None
        if part.get("style") is None:
            part.at("style").refuse("This field is required", "BASE_TYPE_REQUIRED")
        elif style == 6:
            part.text("sku_id", 1, 30, required=True)
        elif style == 5:
            self._link(part, named=named)
        else:
            self._name(part)
            if linked:
                told = "A custom id and url cannot both be specified"
                part.refuse(told, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL")
        if style != 6 and not label and not part.get("emoji"):
            part.refuse("A button must have a label or emoji", "BUTTON_COMPONENT_INVALID_LABEL")

    def _link(self, part: Form, *, named: bool) -> None:
        url = part.text("url", 1, 512, required=True)
        if named:
            told = "A custom id and url cannot both be specified"
            part.refuse(told, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL")
        if url and not url.startswith(("http://", "https://", "discord://")):
            part.at("url").refuse("Not a well formed URL.", "URL_TYPE_INVALID_URL")

    def _section(self, part: Form) -> None:
        for child in part.each("components", 1, 3):
            self.check(child, frozenset({TEXT}))
        if part.get("accessory") is None:
            part.at("accessory").refuse("This field is required", "BASE_TYPE_REQUIRED")
        else:
            self.check(part.at("accessory"), frozenset({BUTTON, THUMBNAIL}))

    def _text(self, part: Form) -> None:
        self.characters += len(part.text("content", 1, 4000, required=True))

    def _thumbnail(self, part: Form) -> None:
        self._media(part.at("media"))
        part.text("description", 0, 1024)
        part.flag("spoiler")

    def _gallery(self, part: Form) -> None:
        for item in part.each("items", 1, 10):
            item.known(frozenset({"media", "description", "spoiler"}))
            self._media(item.at("media"))
            item.text("description", 0, 1024)

    def _file(self, part: Form) -> None:
        self._media(part.at("file"), uploaded=True)
        part.flag("spoiler")

    def _media(self, media: Form, *, uploaded: bool = False) -> None:
        media.known(frozenset({"url"}))
        url = media.text("url", 1, 2048, required=True)
        scheme, _, name = url.partition("://")
        if scheme == "attachment" and name not in self.files:
            told = "The referenced attachment was not found"
            media.at("url").refuse(told, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND")
        elif scheme not in ({"attachment"} if uploaded else {"attachment", "http", "https"}):
            media.at("url").refuse("Not a well formed URL.", "URL_TYPE_INVALID_URL")

    def _separator(self, part: Form) -> None:
        part.flag("divider")
        part.number("spacing", 1, 2)

    def _container(self, part: Form) -> None:
        part.number("accent_color", 0, 0xFFFFFF)
        part.flag("spoiler")
        for child in part.each("components", 1, 39):
            self.check(child, IN_CONTAINER)


def check_components(form: Form, files: frozenset[str], *, v2: bool) -> None:
    """Check the ``components`` of a message; ``files`` are the names of its attachments."""
    layout = Layout(files)
    for part in form.each("components", 0, 40 if v2 else 5):
        layout.check(part, AT_TOP if v2 else frozenset({ROW}))
    whole = form.at("components")
    if layout.count > 40 and v2:
        told = f"A message has at most 40 components, not {layout.count}"
        whole.refuse(told, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED")
    if layout.characters > 4000:
        told = f"All text together has at most 4000 characters, not {layout.characters}"
        whole.refuse(told, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED")
