"""Say which blocks of a page are the article's, by the page alone: chosen, completed, and each of them once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scraper.extraction.container import choose
from scraper.extraction.features import MOSTLY_LINKED
from scraper.extraction.markup_terms import NEGATIVE, Term, names_accordion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.extraction.features import PageFeatures

LIST_SHARE: Final = 0.5
"""Share of a list's or table's words that are kept from which the rest of it is kept too."""

LAYOUT_SHARE: Final = 0.6
"""Share of the kept words above which a table is taken for the page's layout."""

COPY_WORDS: Final = 8
"""Words from which a block, or a few that repeat those just before them, can be told to be a copy and no refrain."""

COPY_RUN: Final = 3
COPY_SHARE: Final = 0.1
"""Blocks and share of the kept words that the copies of an article further up must have; they come in its order."""

COPY_PERIOD: Final = 4
"""Blocks that a slide or card shown twice, for wide and for narrow screens, can have."""


def kept_alone(whole: PageFeatures, probabilities: Sequence[float]) -> list[bool]:
    """Return which blocks are kept, given the probability of each."""
    page = whole.page
    choice = choose(page, probabilities)
    first, last = page.first[choice.element], page.last[choice.element]
    kept = [
        first <= index < last and probability >= choice.keep_from for index, probability in enumerate(probabilities)
    ]
    return _completed(whole, kept) if any(kept) else _by_rule(whole)


def copies_of(whole: PageFeatures, kept: Sequence[bool]) -> frozenset[int]:
    """Return the kept blocks that show again what the page has shown: pages hold copies for screens of other widths."""
    shown = [index for index, keep in enumerate(kept) if keep]
    copies = {*_later_copies(whole, shown), *_next_copies(whole, shown)}
    return frozenset(copies)


def _later_copies(whole: PageFeatures, shown: Sequence[int]) -> set[int]:
    """Return the blocks of runs that repeat earlier blocks in their order, with the short ones between them."""
    words = whole.page.words
    kept = set(shown)
    long = [index for index, count in enumerate(words) if count >= COPY_WORDS]
    if len({whole.folds[index] for index in long}) == len(long):
        return set()
    runs = [run for run in _runs(whole, long) if len(run) >= COPY_RUN]
    copies = {index for run in runs for index, source in run if index in kept and source in kept}
    if sum([words[index] for index in copies]) < COPY_SHARE * sum([words[index] for index in shown]):
        return set()
    found: set[int] = set()
    waiting: list[int] = []
    is_inside = False
    for index in shown:
        if words[index] < COPY_WORDS:
            waiting.append(index)
            continue
        if is_inside and index in copies:
            found.update(waiting)
        is_inside = index in copies
        if is_inside:
            found.add(index)
        waiting = []
    return found | set(waiting) if is_inside else found


def _runs(whole: PageFeatures, long: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
    """Yield the runs of neighbours that each repeat an earlier block, each further on, and those."""
    first: dict[str, int] = {}
    run: list[tuple[int, int]] = []
    for index in long:
        source = first.setdefault(whole.folds[index], index)
        if run and (source == index or source <= run[-1][1]):
            yield run
            run = []
        if source != index:
            run.append((index, source))
    yield run


def _next_copies(whole: PageFeatures, shown: Sequence[int]) -> set[int]:
    """Return the blocks that repeat the blocks just before them, one or a few at a time."""
    folds = [whole.folds[index] for index in shown]
    words = whole.page.words
    found: set[int] = set()
    at = 1
    while at < len(shown):
        for period in range(1, min(COPY_PERIOD, at, len(shown) - at) + 1):
            if folds[at] == folds[at - period] and folds[at : at + period] == folds[at - period : at]:
                again = shown[at : at + period]
                if sum([words[index] for index in again]) >= COPY_WORDS:
                    found.update(again)
                    at += period - 1
                    break
        at += 1
    return found


def _completed(whole: PageFeatures, kept: list[bool]) -> list[bool]:
    """Keep what stands in the article and looks less like it: lists and tables to their end, captions, code, headings.

    A list of which half is kept is kept whole. The gold texts that the classifier was trained on mostly leave captions
    out; a reader of the post would miss them.
    """
    page = whole.page
    full = _with_whole_lists(whole, _with_accordions(whole, kept))
    inside = [index for index, keep in enumerate(full) if keep]
    near = {page.owner[index] for index in inside} | {page.parent[page.owner[index]] for index in inside}
    for index in range(inside[0], inside[-1]):
        owner = page.owner[index]
        above = page.parent[owner]
        if full[index] or page.hidden[owner] or whole.far[owner] & _NEVER_COMPLETED:
            continue
        caption = page.tags[owner] in _CAPTIONS or page.tags[above] in _CAPTIONS
        own = page.tags[owner] == "pre" or page.headings[index] > 1
        full[index] = caption or (own and bool(near & {above, page.parent[above]}))
    return full


def _with_whole_lists(whole: PageFeatures, kept: list[bool]) -> list[bool]:
    """Keep the items and cells that are no mere links in a list or table of which half of the words are kept."""
    page = whole.page
    full = list(kept)
    most = LAYOUT_SHARE * sum([words for words, keep in zip(page.words, kept, strict=True) if keep])
    for element, tag in enumerate(page.tags):
        first, last = page.first[element], page.last[element]
        if tag not in _LISTS or not any(kept[first:last]) or whole.far[element] & _NEVER_COMPLETED:
            continue
        held = sum([words for words, keep in zip(page.words[first:last], kept[first:last], strict=True) if keep])
        if all(kept[first:last]) or (tag == "table" and held > most) or held < LIST_SHARE * sum(page.words[first:last]):
            continue
        for index in range(first, last):
            owner = page.owner[index]
            is_apart = page.hidden[owner] or whole.far[owner] & _NEVER_COMPLETED
            full[index] = kept[index] or (not is_apart and page.linked[index] < MOSTLY_LINKED)
    return full


def _with_accordions(whole: PageFeatures, kept: list[bool]) -> list[bool]:
    """Keep the questions and answers of a list that opens on a click where it follows text of the post, beside it."""
    named = {name for name in set(whole.names) if names_accordion(name)}
    if not named:
        return kept
    page = whole.page
    full = list(kept)
    for element in (at for at, name in enumerate(whole.names) if name in named):
        first, last, above = page.first[element], page.last[element], page.parent[element]
        if whole.far[element] & _NEVER_COMPLETED:
            continue
        if above < 0 or not any(kept[page.first[above] : first]) or all(kept[first:last]):
            continue
        if whole.linked[last] - whole.linked[first] <= 0.2 * (whole.words[last] - whole.words[first]):
            for index in range(first, last):
                owner = page.owner[index]
                full[index] = kept[index] or not (page.hidden[owner] or whole.far[owner] & _NEVER_COMPLETED)
    return full


_LISTS: Final = ("ul", "ol", "dl", "table")
_CAPTIONS: Final = ("figcaption", "caption")
_NEVER_COMPLETED: Final = (
    Term.RELATED
    | Term.COMMENTS
    | Term.SIDEBAR
    | Term.AUTHOR
    | Term.SUBSCRIBE
    | Term.PROMOTION
    | Term.CONSENT
    | Term.FORM
    | Term.NAVIGATION
    | Term.SHARE
)


def _by_rule(whole: PageFeatures) -> list[bool]:
    """Keep, where the classifier finds no article, the core's blocks that are neither linked nor named otherwise."""
    page = whole.page
    first, last = page.first[whole.core], page.last[whole.core]
    against = NEGATIVE & ~(Term.LISTING | Term.META | Term.HEADER)
    return [
        first <= index < last
        and page.linked[index] < 0.5
        and not page.hidden[owner]
        and not whole.near[owner] & against
        for index, owner in enumerate(page.owner)
    ]
