"""Say why a topic is called so: the names it could have, each with its score and the reasons for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.topics.inference import shares_of
from indexer.topics.labels import Group, Namer, factor_by_term
from indexer.topics.phrases import find_phrases
from indexer.topics.terms import read

if TYPE_CHECKING:
    from indexer.store.articles import Articles
    from indexer.store.derived.topic_rows import Topic
    from indexer.store.derived.topics import Topics
    from indexer.topics.label_score import Scored

NAMES_SHOWN = 5
"""Names of a topic that are shown with their reasons; chosen: the best and what it was weighed against."""


@dataclass(frozen=True, slots=True)
class Why:
    """A topic and the names that its posts speak for today, best first; none where people named it."""

    topic: Topic
    names: tuple[Scored, ...]

    @property
    def note(self) -> str:
        """Return what a person has to know beside the scores; empty where the name is the best of them."""
        if self.topic.source == "curated" or not self.names:
            return "People chose this name: it stands in topics.toml."
        if self.topic.label == self.names[0].label:
            return ""
        return "It has another name than the best of these: names stay as they were given, and no two topics share one."


def why_named(topics: Topics, articles: Articles, topic: Topic) -> Why:
    """Score the names that a topic could have today. Reads every post."""
    state = topics.state()
    area = state.areas.get(topic.id)
    found = area.named if area else state.found.get(topic.id)
    if state.model is None or found is None or found.label != topic.label:
        return Why(topic, ())
    factor = area.middle if area else state.model.factors[topic.id]
    readings = sorted(
        (read(article) for article in articles.iterate() if not article.gone),
        key=lambda reading: (reading.url, reading.id),
    )
    placed = (
        area.members
        if area
        else {i: share for i, one in state.placed.items() if (share := shares_of(one.weights).get(topic.id))}
    )
    shares = {index: placed[reading.id] for index, reading in enumerate(readings) if reading.id in placed}
    group = Group(topic.id, factor_by_term(factor, state.model.vocabulary.terms), shares)
    return Why(topic, tuple(Namer(readings, find_phrases(readings)).ranked(group)[:NAMES_SHOWN]))


def why_form(why: Why) -> dict[str, Any]:
    """Return it as `topics ID --why --json` gives it."""
    return {
        "id": why.topic.id,
        "label": why.topic.label,
        "note": why.note or None,
        "names": [
            {
                "label": one.label,
                "source": one.source,
                "score": round(one.score, 4),
                "reasons": [
                    {"reason": reason.name, "value": round(reason.value, 3), "said": reason.said}
                    for reason in one.reasons
                ],
            }
            for one in why.names
        ],
    }
