"""Turn a query into a plan: words into terms of the blog's languages with their synonyms, options into filters."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeGuard

from indexer.analysis import Analyzer, analyzer, fold, fold_label, language_named, languages_of
from indexer.search.engine import (
    ARTICLE_FIELDS,
    AllOf,
    Alternatives,
    AnyOf,
    Everything,
    Filter,
    NamedWord,
    Not,
    Phrase,
    Plan,
    Term,
)
from indexer.search.query import LONGEST_WORD, PHONE, Either, Every, Exclude, Quoted, Word, wanted_atoms
from indexer.search.ranking import idf
from indexer.search.snippet import Wanted
from indexer.search.words.synonyms import LONGEST
from indexer.search.words.variants import Variants
from scraper.text.unspaced import is_lone_sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from indexer.analysis import Word as Analysed
    from indexer.search.engine import FacetField, FilterField, Node, Order, TextField, Vocabulary
    from indexer.search.query import Clause, Query
    from indexer.search.words.spelling import Speller
    from indexer.search.words.synonyms import Synonyms

Where = Literal["all", "title", "body", "editorial", "boilerplate"]

FACETS: tuple[FacetField, ...] = ("topic", "category", "author", "year", "language")
_FIELDS: Mapping[str, tuple[TextField, ...]] = {
    "all": ARTICLE_FIELDS,
    "title": ("title",),
    "body": ("headings", "body", "editorial"),
    "editorial": ("editorial",),
    "boilerplate": ("editorial", "template"),
}
FILTER_FIELDS: tuple[FilterField, ...] = ("author", "topic", "category", "tag", "url", "language", "year")
_MOST_PREFIX_TERMS, _LEAST_PREFIX_TERMS = 100, 4
"""Words that all prefixes of a query stand for together, and each at least, the commonest first; chosen: more say
nothing and take long."""
_FORMS_OF_A_TERM = 4
"""Words that are read for each term that a prefix may stand for; chosen: more forms of one are rare."""
_MOST_NAMED = 12
_MOST_MISSING = 40
"""Words that a message names, and words of a query that are looked up for it; chosen: a pasted page is no query."""
_SUBJECT_WORDS, _SENTENCE_WORDS = 2, 3
"""Words from which on a query names a subject, which feedback helps, and a sentence, to which titles say nothing.
nDCG@10 of cacm / of short questions to blogs: .5463 / .7278; both at 4 .5459 / .7038, both at 2 .5489 / .7157; feedback
from 1 word on, not 2, .7318 for .7343 (titles up to 3 words)."""
_LONG_WORD = 8
"""Letters from which on a word may have two slips; chosen: with fewer, two make another word."""
_SHORT_VERSION = r"\d+\.\d+"  # 1.65, which finds 1.65.0 too
# A word that was typed counts more than what means the same, and that more than what only looks like it.
_SYNONYM_WEIGHT = 0.8
_HINTED_SYNONYM_WEIGHT = 0.4
_FUZZY_WEIGHT = 0.6


class SearchOptions(NamedTuple):
    """What is asked for besides the words. `match_any` takes any of the words for enough."""

    limit: int = 10
    offset: int = 0
    since: date | None = None
    until: date | None = None
    topic: str | None = None
    author: str | None = None
    category: str | None = None
    language: str | None = None
    site: str | None = None
    order: Order = "relevance"
    fields: Where = "all"
    match_any: bool = False
    facets: bool = False
    synonyms: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    @property
    def named(self) -> tuple[tuple[FilterField, str | None], ...]:
        """Return the filters that name a value, and the value asked for."""
        return (
            ("topic", self.topic),
            ("category", self.category),
            ("author", self.author),
            ("language", self.language),
        )


class _Synonymous(NamedTuple):
    """Words in a row that mean the same as other forms."""

    typed: tuple[Word | Quoted, ...]
    forms: tuple[str, ...]


class Planner:
    """Plan queries for one blog and one set of options."""

    def __init__(self, engine: Vocabulary, options: SearchOptions, synonyms: Synonyms) -> None:
        self._engine = engine
        self._options = options
        self._synonyms = synonyms
        self._fields = _FIELDS[options.fields]
        self._variants = Variants(engine)
        self._prefix_terms = _MOST_PREFIX_TERMS
        self._nodes: dict[tuple[Word | Quoted, int], Node | None] = {}
        counts: Counter[str] = Counter()
        counts.update(engine.values("language"))
        self.analyzers = [analyzer(code) for code in languages_of(counts)]

    def over(self, words: Vocabulary) -> Planner:
        """Return a planner for the same options that asks another vocabulary."""
        return Planner(words, self._options, self._synonyms)

    @property
    def only_analyzer(self) -> Analyzer | None:
        """Return the analyser of a blog in one language."""
        return self.analyzers[0] if len(self.analyzers) == 1 else None

    def plan(self, query: Query) -> Plan:
        """Return the plan for posts with all of the words, or any where the options say so."""
        prefixes = sum(isinstance(atom, Word) and atom.prefix for atom in query.atoms)
        self._prefix_terms = max(_LEAST_PREFIX_TERMS, _MOST_PREFIX_TERMS // max(1, prefixes))
        if self._options.match_any:
            root = self._any(query, most_first=False)
        else:
            root = _joined(AllOf, [self._node(part) for part in self._content_parts(self._grouped(query.root.parts))])
        has_words = any(atom.field not in FILTER_FIELDS for atom in query.atoms)
        if root is None:
            root = Everything() if self._lists_all(query) else AnyOf(())
        plan = self._with_options(root, has_words=has_words)
        describes = self._options.match_any and self._telling_words(query) >= _SENTENCE_WORDS
        return plan._replace(named=() if describes else self._named(query))

    def loose_plan(self, query: Query) -> Plan | None:
        """Return the plan for posts with any of the words, most of them first; `None` where there is but one."""
        root = self._any(query, most_first=True)
        if root is None:
            return None
        return self._with_options(root, has_words=True)._replace(named=self._named(query))

    def expanded_plan(self, query: Query, plan: Plan, terms: Iterable[Term]) -> Plan:
        """Return the plan for posts that have some of the terms, and nothing of what `plan` looks for."""
        root = AllOf((AnyOf(tuple(terms)), Not(plan.root)))
        required = [node for node in self._required(query.root.parts) if node is not None]
        return plan._replace(root=AllOf((*root.parts, *required)), hints=(), named=(), facets=())

    def wanted(self, plan: Plan) -> Wanted:
        """Return what a passage should show: what the plan looks for, rare words before common ones."""
        terms = {term for term in _terms_of(plan.root) if not self._is_stop_term(term)} or set(_terms_of(plan.root))
        found = self._variants.articles
        known = self._engine.frequencies(terms - found.keys())
        documents = {**known.documents, **{term: found[term] for term in terms & found.keys()}}
        rarity = {term: idf(known.articles, min(known.articles, documents[term])) for term in terms}
        most = max(rarity.values(), default=1.0)
        return Wanted({term: 0.6 + 0.4 * worth / most for term, worth in rarity.items()})

    def is_subject(self, query: Query) -> bool:
        """Tell whether the query has so many words that what the best posts have in common says more of it."""
        return self._telling_words(query) >= _SUBJECT_WORDS

    def _telling_words(self, query: Query) -> int:
        """Return how many different words of the query carry meaning; the beginnings of words carry none."""
        words = self._content_parts(list(query.root.parts))
        atoms = [atom for part in words for atom in _atoms_of(part)]
        return len({atom.text for atom in atoms if isinstance(atom, Quoted) or not atom.prefix})

    def found_apart(self, query: Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words typed that no post has in any spelling, and those that tell something and some post has."""
        words = [atom for atom in dict.fromkeys(query.atoms) if isinstance(atom, Word) and not atom.prefix]
        nodes = {atom.text: self._atom(atom) for atom in words[:_MOST_MISSING] if atom.field in (None, "title", "body")}
        terms = {text: set(_terms_of(node)) for text, node in nodes.items() if node is not None}
        known = self._engine.frequencies({term for found in terms.values() for term in found}).documents
        telling = {atom.text for part in self._content_parts(list(query.root.parts)) for atom in _atoms_of(part)}
        missing = [text for text, found in terms.items() if found and not any(known[term] for term in found)]
        present = [text for text in terms if text in telling and text not in missing]
        return tuple(missing), tuple(present)

    def _lists_all(self, query: Query) -> bool:
        """Tell whether all posts are asked for: by no words at all, or by filters beside signs that say nothing."""
        options = self._options
        asked = (options.since, options.until, *(value for _, value in options.named))
        return not query.text or any(value is not None for value in asked)

    def _named(self, query: Query) -> tuple[NamedWord, ...]:
        """Return the words that a title may have in the order typed, stop words among them."""
        if self._options.fields not in ("all", "title"):
            return ()
        analyse = self.analyzers[0]
        words = [
            (word, atom.text[word.start : word.end])
            for atom in query.atoms
            if atom.field in (None, "title")
            for word in analyse.asked(atom.text)
        ]
        return tuple(
            NamedWord(
                self._variants.known_term(analyse, word, written), word.surface, not analyse.is_stop_word(word.surface)
            )
            for word, written in words[:_MOST_NAMED]
        )

    def _with_options(self, root: Node, *, has_words: bool) -> Plan:
        options = self._options
        order: Order = options.order
        if not has_words and order == "relevance":
            order = "newest"
        return Plan(
            root=root,
            filters=tuple(self._filters()),
            since=options.since.isoformat() if options.since else None,
            until=options.until.isoformat() if options.until else None,
            order=order,
            limit=max(0, options.limit),
            offset=max(0, options.offset),
            facets=FACETS if options.facets else (),
        )

    def _filters(self) -> Iterable[Filter]:
        options = self._options
        if options.site:
            yield Filter("site", (options.site,))
        for name, value in options.named:
            if value is not None:
                yield self._filter(name, value)

    def _filter(self, name: FilterField, text: str) -> Filter:
        """Return the filter for a value as typed: the very one, else those that contain its words."""
        if name == "language":
            return Filter(name, (language_named(text),))
        folded = fold_label(text)
        if not folded:
            return Filter(name, (text,))
        words = folded.split()
        values = self._engine.values(name, text if name == "url" else max(words, key=len))
        exact = [value for value in values if fold_label(value) == folded]
        if exact:
            return Filter(name, tuple(exact))
        if name == "url":
            return Filter(name, tuple(value for value in values if text.lower() in value.lower()) or (text,))
        close = [value for value in values if _has_words(fold_label(value), words)]
        return Filter(name, tuple(close) or (text,))

    def _is_stop_term(self, term: str) -> bool:
        return any(term in analyse.stop_terms for analyse in self.analyzers)

    def _is_word_that(self, clause: Clause | _Synonymous, tell: Callable[[Analyzer, str], bool]) -> bool:
        """Tell whether the clause is a plain word of which `tell` holds in one of the languages."""
        if not _is_plain(clause):
            return False
        if any(analyse.abbreviation(clause.text) for analyse in self.analyzers):
            return False
        surfaces = [word.surface for analyse in self.analyzers for word in analyse.asked(clause.text)]
        return all(any(tell(analyse, surface) for analyse in self.analyzers) for surface in surfaces)

    def _content_parts(self, parts: Sequence[Clause | _Synonymous]) -> Sequence[Clause | _Synonymous]:
        """Return the parts without stop words and words of asking, unless too little else is in the query."""
        for tell, least in ((Analyzer.is_filler, 2), (Analyzer.is_stop_word, 1)):
            left = [part for part in parts if not self._is_word_that(part, tell)]
            if sum(not isinstance(part, Exclude) for part in left) >= least:
                return left
        return parts

    def _grouped(self, parts: Sequence[Clause], *, join: bool = True) -> list[Clause | _Synonymous]:
        """Return the parts, with words in a row that have synonyms as one; the longest row wins.

        `join`: two words that the blog writes as one count as that too. Where any word is enough it costs more than it
        brings: .013 nDCG@10 on cacm.
        """
        grouped: list[Clause | _Synonymous] = []
        at = 0
        while at < len(parts):
            known, length = self._synonymous_at(parts, at, join=join)
            grouped.append(known or parts[at])
            at += length
        return grouped

    def _synonymous_at(self, parts: Sequence[Clause], at: int, *, join: bool) -> tuple[_Synonymous | None, int]:
        first = parts[at]
        if isinstance(first, Quoted) and not first.field and (forms := self._synonyms.of(first.text)):
            return _Synonymous((first,), forms), 1
        row: list[Word] = []
        for part in parts[at : at + LONGEST]:
            if not _is_plain(part):
                break
            row.append(part)
        for length in range(len(row), 0, -1) if row and self._synonyms.begins(row[0].text) else ():
            if forms := self._synonyms.of(" ".join(word.text for word in row[:length])):
                return _Synonymous(tuple(row[:length]), forms), length
        if join and len(row) > 1 and self._is_one_word(row[0], row[1]):
            return _Synonymous(tuple(row[:2]), (row[0].text + row[1].text,)), 2
        return None, 1

    def _is_one_word(self, one: Word, other: Word) -> bool:
        """Tell whether the blog writes two words in a row, neither of them a stop word, as one."""
        if not (one.text.isalpha() and other.text.isalpha()) or self._is_word_that(one, Analyzer.is_stop_word):
            return False
        terms = {word.term for analyse in self.analyzers for word in analyse.asked(one.text + other.text)}
        return len(terms) > 0 and any(self._engine.frequencies(terms).documents.values())

    def _node(self, clause: Clause | _Synonymous) -> Node | None:
        """Return the node for a clause; `None` where nothing of it is left after analysis."""
        match clause:
            case _Synonymous(typed, forms):
                words = _joined(AllOf, [self._atom(word) for word in self._content_atoms(typed)])
                return _alternatives([words, *self._forms(forms, _SYNONYM_WEIGHT)])
            case Exclude(part):
                node = self._node(part)
                return Not(node) if node is not None else None
            case Every(parts):
                return _joined(AllOf, [self._node(part) for part in self._grouped(parts)])
            case Either(parts):
                return _joined(AnyOf, [self._node(part) for part in self._grouped(parts)])
            case _:
                return self._atom(clause)

    def _content_atoms(self, typed: Sequence[Word | Quoted]) -> Iterable[Word | Quoted]:
        return [part for part in self._content_parts(typed) if isinstance(part, Word | Quoted)]

    def _forms(self, forms: Sequence[str], weight: float) -> Iterator[Node]:
        for form in forms:
            for analyse in self.analyzers:
                node = _matching([word.term for word in analyse.asked(form)], self._fields)
                if node is not None:
                    yield node._replace(weight=weight)

    def _any(self, query: Query, *, most_first: bool) -> Node | None:
        """Return a node that any of the wanted words satisfies, and none of the excluded; filters are kept."""
        parts = self._content_parts(self._grouped(query.root.parts, join=most_first))
        required = self._required(parts)
        parts = [part for part in parts if not _is_filter(part)]
        terms: Counter[Term] = Counter()
        others: list[Node] = []
        for node in (node for part in parts for node in self._choices(part, loosen=most_first)):
            if isinstance(node, Term):
                terms[node] += 1
            else:
                others.append(node)
        # A word that is said twice matters twice: in sentences that is worth .04 nDCG@10 on cisi and cacm.
        nodes = [*(term._replace(weight=term.weight * number) for term, number in terms.items()), *others]
        if not nodes or (most_first and len(nodes) < 2):
            return None if most_first else _joined(AllOf, required)
        return _joined(AllOf, [AnyOf(tuple(nodes), most_first=most_first), *required])

    def _required(self, parts: Sequence[Clause | _Synonymous]) -> list[Node | None]:
        """Return the nodes of what is never loosened: what must not be there, and filters."""
        return [self._node(part) for part in parts if isinstance(part, Exclude) or _is_filter(part)]

    def _choices(self, part: Clause | _Synonymous, *, loosen: bool) -> Iterator[Node]:
        """Return the nodes of a part of which any is enough; a phrase is its words where it is to be loosened."""
        if isinstance(part, Exclude):
            return
        for atom in _atoms_of(part):
            node = self._atom(atom)
            if isinstance(node, Phrase) and (loosen or isinstance(atom, Word)) and not _is_number(atom.text):
                content_terms = [term for term in node.terms if not self._is_stop_term(term)]
                yield from (Term(term, node.fields) for term in content_terms or node.terms)
            elif node is not None:
                yield node
        if isinstance(part, _Synonymous):
            yield from self._forms(part.forms, _HINTED_SYNONYM_WEIGHT)

    def _atom(self, atom: Word | Quoted) -> Node | None:
        """Return the node for a word or phrase; strict and loose plans ask for the same ones."""
        key = atom, self._prefix_terms
        if key not in self._nodes:
            self._nodes[key] = self._looked_up(atom)
        return self._nodes[key]

    def _looked_up(self, atom: Word | Quoted) -> Node | None:
        if atom.field in FILTER_FIELDS:
            return self._filter(atom.field, atom.text)
        fields = _FIELDS[atom.field] if atom.field else self._fields
        if isinstance(atom, Word) and atom.prefix:
            return self._prefix(atom, fields)
        if atom.text[-1:].isdigit() and (phone := re.fullmatch(PHONE, atom.text.strip())):
            return _phone(phone.group("area", "office", "line"), fields)
        plain = self._spelled(atom, fields)
        if isinstance(plain, Term) and isinstance(atom, Word) and re.fullmatch(_SHORT_VERSION, atom.text):
            return Alternatives((plain, Term(f"{plain.term}.", fields, _HINTED_SYNONYM_WEIGHT, prefix=True)))
        if isinstance(atom, Word) and atom.fuzzy:
            return _alternatives([plain, *self._look_alikes(atom, fields)])
        return plain

    def _spelled(self, atom: Word | Quoted, fields: tuple[TextField, ...]) -> Node | None:
        """Return the node for a word or phrase in all the ways in which the blog writes it."""
        nodes: list[Node] = []
        if isinstance(atom, Word) and len(atom.text) > LONGEST_WORD:
            return AnyOf(())
        for analyse in self.analyzers:
            words = analyse.asked(atom.text, exactly=isinstance(atom, Quoted))
            written = [atom.text[word.start : word.end] for word in words]
            if name := isinstance(atom, Word) and analyse.abbreviation(atom.text):
                nodes.extend(self._abbreviated(name, words, fields))
            elif len(words) == 1 and is_lone_sign(written[0]):
                nodes.append(Term(words[0].term, fields, prefix=True))
            elif len(words) == 1:
                variants = self._variants.of(analyse, words[0], written[0])
                nodes.extend(Term(variant.term, fields, variant.weight) for variant in variants)
            elif words:
                terms = tuple(
                    self._variants.known_term(analyse, word, text) for word, text in zip(words, written, strict=True)
                )
                nodes.append(Phrase(terms, fields))
                if isinstance(atom, Word) and atom.text.isascii():
                    nodes.extend(Term(joined.term, fields) for joined in analyse.joined(atom.text))
        return _best_of_each(nodes)

    def _abbreviated(self, name: str, words: Sequence[Analysed], fields: tuple[TextField, ...]) -> Iterator[Node]:
        """Yield the node for an abbreviation: as such where the blog has it, else for its letters as typed."""
        if self._engine.frequencies([name]).documents[name]:
            yield Term(name, fields)
        elif (plain := _matching([word.term for word in words], fields)) is not None:
            yield plain

    def _prefix(self, atom: Word, fields: tuple[TextField, ...]) -> Node | None:
        """Return the terms of every word of the blog that starts so."""
        *before, last = fold(atom.text).replace("-", " ").split() or [""]
        if not last:
            return None
        begun = self._variants.terms(self._engine.starting(last, _FORMS_OF_A_TERM * self._prefix_terms))
        terms = list(dict.fromkeys(begun))[: self._prefix_terms]
        expanded = Alternatives(tuple(Term(term, fields) for term in terms)) if terms else Term(last, fields)
        head = [self._spelled(Word(word), fields) for word in before]
        return _joined(AllOf, [*head, expanded])

    def _look_alikes(self, atom: Word, fields: tuple[TextField, ...]) -> Iterator[Node]:
        """Return the terms of the words of the blog that are spelt nearly so."""
        typed = fold(atom.text)
        close = self._speller.close(typed, 2 if len(typed) >= _LONG_WORD else 1)
        ranked = sorted(close.items(), key=lambda item: (item[1], item[0]))
        terms = self._variants.terms({word: self._speller.entry(word) for word, _ in ranked})
        for (_, distance), term in zip(ranked, terms, strict=True):
            yield Term(term, fields, weight=_FUZZY_WEIGHT / (1 + distance) if distance else 1.0)

    @cached_property
    def _speller(self) -> Speller:
        from indexer.search.words.spelling import Speller

        return Speller(self._engine)


def _best_of_each(nodes: Sequence[Node]) -> Node | None:
    """Return the nodes as one; terms that several languages give count by their highest weight."""
    best: dict[Node, Node] = {}
    for node in nodes:
        key = node._replace(weight=1.0) if isinstance(node, Term | Phrase) else node
        if key not in best or _weight_of(node) > _weight_of(best[key]):
            best[key] = node
    return _alternatives(best.values())


def _weight_of(node: Node) -> float:
    return node.weight if isinstance(node, Term | Phrase) else 1.0


def _phone(parts: tuple[str, ...], fields: tuple[TextField, ...]) -> Node:
    """Return the node for a telephone number, its parts apart or written as one number."""
    whole = "".join(parts)
    return Alternatives((Phrase(parts, fields), Term(whole, fields), Term(f"1{whole}", fields)))


def _is_number(text: str) -> bool:
    """Tell whether the text is one number with marks inside, of which a part says nothing."""
    return not any(sign.isalpha() for sign in text) and any(sign.isdigit() for sign in text)


def _is_plain(clause: Clause | _Synonymous) -> TypeGuard[Word]:
    """Tell whether the clause is a word without field, star or tilde."""
    return isinstance(clause, Word) and not (clause.field or clause.prefix or clause.fuzzy)


def _is_filter(part: Clause | _Synonymous) -> bool:
    """Tell whether the clause names a value of a filter, which is never loosened."""
    return isinstance(part, Word | Quoted) and part.field in FILTER_FIELDS


def _atoms_of(part: Clause | _Synonymous) -> Iterable[Word | Quoted]:
    return part.typed if isinstance(part, _Synonymous) else wanted_atoms(part)


def _terms_of(node: Node) -> Iterator[str]:
    """Return the terms that make a node match."""
    match node:
        case Term(term):
            yield term
        case Phrase(terms):
            yield from terms
        case AllOf(parts) | AnyOf(parts) | Alternatives(parts):
            for part in parts:
                yield from _terms_of(part)


def _has_words(text: str, starts: Sequence[str]) -> bool:
    words = text.split()
    return all(any(word.startswith(start) for word in words) for start in starts)


def _matching(terms: Sequence[str], fields: tuple[TextField, ...]) -> Term | Phrase | None:
    if not terms:
        return None
    return Term(terms[0], fields) if len(terms) == 1 else Phrase(tuple(terms), fields)


def _alternatives(nodes: Iterable[Node | None]) -> Node | None:
    different = list(dict.fromkeys(node for node in nodes if node is not None))
    if not different:
        return None
    return different[0] if len(different) == 1 else Alternatives(tuple(different))


def _joined(kind: type[AllOf] | type[AnyOf], nodes: Iterable[Node | None]) -> Node | None:
    """Return the nodes as one; a single one as it is."""
    parts = tuple(node for node in nodes if node is not None)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 and not isinstance(parts[0], Not) else kind(parts)
