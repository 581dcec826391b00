"""What can be chosen from: suggested, found again, and hidden from those it is not for."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.catalog import LONGEST_VALUE, Catalog, Suggestion, key_of, read_catalog
from bot.uploads import server_folder
from bot.visibility import Scope
from index.records import DocumentEntry, Heading
from tests.places import Place
from tests.test_rendering import wild

PUBLIC = frozenset({""})
ALL = frozenset({"", "a", "b", "folder", "news"})
HERE = frozenset({"", "news", server_folder(7)})
ELSEWHERE = frozenset({"", "news", server_folder(8)})


def entry(id: str, title: str = "") -> DocumentEntry:
    folder, slash, _ = id.partition("/")
    return DocumentEntry(id, title or id, folder if slash else "", 1, 1, "2026-01-01T00:00:00")


def catalog_of(*entries: DocumentEntry, headings: tuple[Heading, ...] = ()) -> Catalog:
    return Catalog("000001", entries, headings)


def names(found: list[Suggestion]) -> list[str]:
    return [one.name for one in found]


TALKS = entry("news/talks.txt", "Talks")
BREAD = entry("bread.md", "About bread")
OURS = entry("server-7/ours.txt", "Ours")
THEIRS = entry("server-8/theirs.txt", "Theirs")
SMALL = catalog_of(
    BREAD,
    TALKS,
    OURS,
    THEIRS,
    headings=(
        Heading("bread.md", "About bread", 1),
        Heading("bread.md", "Baking", 3),
        Heading("news/talks.txt", "The chair", 5),
        Heading("server-8/theirs.txt", "Secret talks", 2),
    ),
)

# Ids as hostile as they come. Two entries never have one id.
pieces = st.sampled_from(
    ["a", "b.md", "#", "#1", "#2", "x" * 95, "日本", "😀" * 60, ".txt", "-", " "]
)
ids = st.one_of(
    st.lists(pieces, min_size=1, max_size=4).map("".join),
    st.builds("{}/{}".format, st.sampled_from(["a", "server-7", "server-8"]), wild.filter(bool)),
    wild.filter(bool),
)
titles = st.sampled_from(["A", "a", "a › b", "a#1", "b.md", "日本"]) | wild.filter(bool)
lines = st.integers(1, 10**9 - 1)


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    entries = draw(st.lists(st.builds(entry, ids, titles), max_size=6, unique_by=lambda e: e.id))
    headings: list[Heading] = []
    for one in entries:
        found = draw(st.lists(st.builds(Heading, st.just(one.id), titles, lines), max_size=3))
        headings += sorted(found, key=lambda heading: heading.line)
    return catalog_of(*entries, headings=tuple(headings))


scopes = st.sampled_from([PUBLIC, HERE, ELSEWHERE, frozenset({"a"})])


# Suggesting


def test_nothing_typed_lists_documents_and_then_headings() -> None:
    assert names(SMALL.suggest("", HERE)) == [
        "About bread",
        "Talks",
        "Ours",
        "About bread › Baking",
        "Talks › The chair",
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("TALKS", ["Talks", "Talks › The chair"]),
        ("news/", ["Talks"]),
        ("  bread ", ["About bread", "About bread › Baking"]),
        ("bak", ["About bread › Baking"]),
        ("hair", ["Talks › The chair"]),
        ("rocket", []),
    ],
)
def test_what_is_typed_is_found_in_titles_ids_and_headings(typed: str, found: list[str]) -> None:
    assert names(SMALL.suggest(typed, HERE)) == found


def test_a_beginning_comes_before_the_beginning_of_a_word_and_that_before_its_inside() -> None:
    found = catalog_of(entry("1", "sketch"), entry("2", "a ketch"), entry("3", "ketchup"))
    assert names(found.suggest("ketch", PUBLIC)) == ["ketchup", "a ketch", "sketch"]


def test_a_document_comes_before_a_heading_that_fits_as_well() -> None:
    found = catalog_of(
        entry("1", "Other"), entry("2", "The plan"), headings=(Heading("1", "plan", 2),)
    )
    assert names(found.suggest("plan", PUBLIC)) == ["The plan", "Other › plan"]


def test_what_fits_equally_well_keeps_its_order() -> None:
    found = catalog_of(*(entry(str(n), f"Note {n}") for n in (3, 1, 2)))
    assert names(found.suggest("note", PUBLIC)) == ["Note 3", "Note 1", "Note 2"]


def test_a_word_within_a_name_counts_whatever_sign_stands_before_it() -> None:
    found = catalog_of(entry("1", "sketch"), entry("2", "sketch of a (ketch)"))
    assert names(found.suggest("ketch", PUBLIC)) == ["sketch of a (ketch)", "sketch"]


@given(catalogs(), st.sampled_from(["", "a", "b", "#"]) | wild, scopes, st.integers(0, 30))
def test_suggestions_have_what_is_typed_are_visible_and_not_too_many(
    catalog: Catalog, typed: str, scope: Scope, most: int
) -> None:
    found = catalog.suggest(typed, scope, most=most)
    everything = catalog.suggest(typed, scope, most=1000)
    assert [one.value for one in found] == [one.value for one in everything][:most]
    seen = catalog.visible_entries(scope)
    wanted = typed.casefold().strip()
    for one in everything:
        assert one.entry in seen
        own_id = one.entry.id.casefold() if one.line is None else ""
        told_apart = " · " in one.name  # then a long name may be cut
        assert wanted in one.name.casefold() or wanted in own_id or told_apart


@given(catalogs(), scopes)
def test_every_visible_document_is_suggested_when_nothing_is_typed(
    catalog: Catalog, scope: Scope
) -> None:
    found = catalog.suggest("", scope, most=1000)
    assert {one.id for one in catalog.visible_entries(scope)} <= {one.entry.id for one in found}


def test_two_documents_of_one_title_can_both_be_chosen_by_their_names() -> None:
    found = catalog_of(entry("a/notes.txt", "Notes"), entry("b/notes.txt", "Notes"))
    for id in ("a/notes.txt", "b/notes.txt"):
        assert [one.entry.id for one in found.suggest(id, ALL)] == [id]


def test_two_documents_of_one_title_are_both_suggested_by_names_that_tell_them_apart() -> None:
    found = catalog_of(entry("a/notes.txt", "Notes"), entry("b/notes.txt", "Notes"))
    assert names(found.suggest("notes", ALL)) == ["Notes · a/notes.txt", "Notes · b/notes.txt"]
    suggested = {one.entry.id for one in found.suggest("notes", ALL)}
    assert suggested == {"a/notes.txt", "b/notes.txt"}


# Resolving


@given(catalogs(), scopes)
def test_what_is_suggested_leads_back_to_itself(catalog: Catalog, scope: Scope) -> None:
    for one in catalog.suggest("", scope, most=1000):
        assert catalog.resolve(one.value, scope) == (one.entry, one.line)


@given(ids, st.none() | lines)
def test_a_value_is_never_longer_than_discord_takes(id: str, line: int | None) -> None:
    value = Suggestion(entry(id), "name", line).value
    assert 1 <= len(value) <= LONGEST_VALUE


@given(ids, ids)
def test_two_documents_never_share_a_key(one: str, other: str) -> None:
    assume(one != other)
    assert key_of(one) != key_of(other)


@given(catalogs(), scopes)
def test_every_document_is_found_by_its_id_where_it_can_be_seen_and_else_not(
    catalog: Catalog, scope: Scope
) -> None:
    seen = catalog.visible_entries(scope)
    for one in catalog.entries:
        found = catalog.resolve(one.id, scope)
        if one in seen:
            assert found == (one, None)
        else:
            assert found is None or found[0] in seen


@given(catalogs(), wild, scopes)
def test_nothing_typed_leads_to_what_is_hidden(catalog: Catalog, typed: str, scope: Scope) -> None:
    hidden = [one for one in catalog.entries if one not in catalog.visible_entries(scope)]
    told = [typed, *(name for one in hidden for name in (one.id, one.title, key_of(one.id)))]
    for reference in told:
        found = catalog.resolve(reference, scope)
        assert found is None or found[0] not in hidden


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("news/talks.txt", (TALKS, None)),
        ("talks.txt", (TALKS, None)),
        ("TALKS.TXT ", (TALKS, None)),
        ("talks", (TALKS, None)),
        ("About Bread", (BREAD, None)),
        ("news/talks.txt#5", (TALKS, 5)),
        ("talks#5", (TALKS, 5)),
        ("news/talks.txt#0", (TALKS, 1)),
        ("news/talks.txt#-1", None),
        ("news/talks.txt#", None),
        ("news/talks.txt#٣", None),
        ("news/talks.txt#²", None),
        ("news/talks.txt#9999999999", None),
        ("news", None),
        ("#5", None),
        ("", None),
        ("ours", (OURS, None)),
        ("server-7/ours.txt", (OURS, None)),
        ("theirs", None),
        ("theirs.txt", None),
        ("server-8/theirs.txt", None),
        ("server-8/theirs.txt#2", None),
    ],
)
def test_a_reference_stands_for_one_visible_document_or_none(
    reference: str, found: tuple[DocumentEntry, int | None] | None
) -> None:
    assert SMALL.resolve(reference, HERE) == found


def test_what_two_documents_are_called_stands_for_neither() -> None:
    found = catalog_of(
        entry("a/n.txt", "Notes"), entry("b/n.txt", "notes"), entry("c.txt", "n.txt")
    )
    assert found.resolve("n.txt", ALL) is None
    assert found.resolve("notes", ALL) is None
    assert found.resolve("a/n.txt", ALL) == (found.entries[0], None)


def test_a_name_is_ambiguous_only_among_what_can_be_seen() -> None:
    found = catalog_of(entry("server-7/n.txt", "Notes"), entry("server-8/n.txt", "Notes"))
    assert found.resolve("n.txt", HERE) == (found.entries[0], None)
    assert found.resolve("notes", ELSEWHERE) == (found.entries[1], None)
    assert found.resolve("notes", PUBLIC) is None


def test_an_id_is_that_document_even_if_another_is_titled_so() -> None:
    found = catalog_of(entry("b.txt", "a.txt"), entry("a.txt", "A"))
    assert found.resolve("a.txt", PUBLIC) == (found.entries[1], None)


def test_no_title_takes_the_place_of_a_line_of_another_document() -> None:
    found = catalog_of(entry("a.txt", "A"), entry("b.txt", "a.txt#5"))
    assert found.resolve(Suggestion(found.entries[0], "A › b", 5).value, PUBLIC) == (
        found.entries[0],
        5,
    )


def test_a_long_id_is_found_by_its_key_and_line() -> None:
    long = entry(f"{'folder/' * 30}a.txt", "A")
    found = catalog_of(long)
    value = Suggestion(long, "A", 12).value
    assert value != f"{long.id}#12"
    assert found.resolve(value, ALL) == (long, 12)


def test_a_catalog_holds_what_a_library_has_indexed(place: Place) -> None:
    place.index({"a.md": "# A\n\nOne is one.\n\n## B\n\nTwo is two.", "server-7/c.txt": "C is c."})
    found = read_catalog(place.library())
    assert found.generation == "000001"
    assert [one.id for one in found.entries] == ["a.md", "server-7/c.txt"]
    assert [(one.name, one.value) for one in found.suggest("b", PUBLIC)] == [("A › B", "a.md#5")]
    assert [one.id for one in found.visible_entries(PUBLIC)] == ["a.md"]
    assert [one.id for one in found.visible_entries(HERE)] == ["a.md", "server-7/c.txt"]
