"""Records as a person sees them on a terminal: pure functions to Rich renderables.

Document text goes through ``inert`` or ``flat`` and into ``Text``, never through Rich's markup.
"""

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from bot import wording
from bot.inert import flat, inert, lined
from index.fates import Changed, Fate
from index.records import Abstained, Answer, Citation, Hit, Phrase, RefreshReport

ANSWER = "bold green"
WARNING = "bold yellow"
HIGHLIGHT = "bold"
SOURCE = "cyan"
FAINT = "dim"


def result_view(result: Answer | Abstained) -> Text:
    """An answer with its quotes, or that the documents do not say with what comes nearest."""
    confidence = Text(f"Confidence: {wording.confidence(result.confidence)}", style=FAINT)
    doubt = flat(wording.doubt(result.missing))
    if isinstance(result, Answer):
        doubted = [Text(doubt, style=WARNING)] if doubt else []
        return _paragraphs([*_answer(result), *doubted, confidence])
    told = Text.assemble((wording.ABSTAINED, WARNING), f" {doubt}" if doubt else "")
    nearest = [Text("What comes nearest:")] if result.nearest else []
    return _paragraphs([told, *nearest, *map(_faint_quote, result.nearest), confidence])


def prose_view(prose: Sequence[Phrase]) -> Text:
    """What a language model made of an answer, as far as its quotes support that."""
    told = " ".join(flat(wording.phrase(phrase)) for phrase in prose)
    return _stacked(
        Text("A language model's words, held against the quotes above:", style=FAINT), Text(told)
    )


def aged_note(answer: Answer, fate: Fate) -> str:
    """That the documents do not say any more what was answered before, in a line or two."""
    first = answer.citations[0]
    asked, said = flat(answer.question), flat(first.quote).strip()
    if isinstance(fate, Changed):
        now = fate.citation
        return (
            f"aged: “{asked}” was answered from “{said}”\n"
            f"  {flat(now.document)}, {wording.place(now)} says now: “{flat(now.quote).strip()}”"
        )
    return f"aged: “{asked}” was answered from “{said}”, which is no longer in the documents"


def hits_view(hits: Sequence[Hit]) -> Text:
    """Passages, where they stand and how well they match."""
    return _paragraphs(map(_hit, hits)) if hits else Text("Nothing matches.")


def rollback_view(report: RefreshReport, left: str) -> Text:
    """What rolling back did, and how it ends."""
    return Text.assemble(
        report_view(report),
        f"\nRolled back from generation {left}. It stays so until you run: footnote index",
    )


def report_view(report: RefreshReport) -> Text:
    """What indexing did, in a line."""
    counts = {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
    }
    done = ", ".join(f"{len(ids)} {word}" for word, ids in counts.items() if ids)
    passages = wording.counted(report.passages, "passage")
    return Text.assemble(
        (f"Generation {report.generation}", ANSWER),
        f": {done or 'no documents'}; {passages}, {report.seconds:.1f} s",
    )


def numbered_line(number: int, text: str, *, width: int) -> Text:
    """One line of a document behind its number, which is padded to ``width``."""
    shown = inert(text.rstrip("\r\n"))
    return Text.assemble((f"{number:>{width}}  ", FAINT), shown)


def size(count: int) -> str:
    """A size in bytes, for a person: "512 B", "3.0 kB", "12.4 MB"."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _hit(hit: Hit) -> Text:
    score = Text(f" · score {hit.score:.3f}", style=FAINT)
    return _stacked(Text(lined(hit.citation.quote)), _source(hit.citation) + score)


def _answer(result: Answer) -> list[Text]:
    """The short answer, unless a whole quote is the answer, or the answers; then the quotes."""
    first, *others = result.citations
    short = [] if first.is_whole else [Text(flat(result.answer).strip(), style=ANSWER)]
    if result.claims:
        short = [_stacked(Text(wording.DISAGREE, style=WARNING), *_claims(result))]
        return [*short, *(_stacked(_quote(one), _source(one)) for one in result.citations)]
    return [*short, _stacked(_quote(first), _source(first)), *map(_faint_quote, others)]


def _claims(result: Answer) -> Iterator[Text]:
    """Each answer that differs, with its number and date, newest first."""
    for claim, cited in result.told():
        answer = [] if cited.is_whole else [(flat(cited.answer).strip(), ANSWER)]
        date = wording.dated(claim)
        parts = [*answer, *([(date, FAINT)] if date else [])]
        said = Text(" · ", style=FAINT).join(Text(text, style=style) for text, style in parts)
        yield Text(f"[{claim.n}] ", style=SOURCE) + said


def _quote(citation: Citation) -> Text:
    """The quote on one line, with the answer highlighted unless it is the whole of it."""
    if citation.is_whole:
        return Text(lined(citation.quote))
    before = citation.answer_start - citation.start
    after = citation.answer_end - citation.start
    quote = citation.quote
    return Text.assemble(
        flat(quote[:before]), (flat(quote[before:after]), HIGHLIGHT), flat(quote[after:])
    )


def _faint_quote(citation: Citation) -> Text:
    return _stacked(Text(lined(citation.quote), style=FAINT), _source(citation))


def _source(citation: Citation) -> Text:
    return Text(flat(wording.source(citation)), style=SOURCE)


def _stacked(*lines: Text) -> Text:
    return Text("\n").join(lines)


def _paragraphs(parts: Iterable[Text]) -> Text:
    return Text("\n\n").join(parts)
