"""Show topics as a tree: areas, each with its topics and posts, and topics that are in no area."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from indexer.store.derived.topic_rows import Branch, TopicView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.store.articles import Articles
    from indexer.store.derived.topic_rows import Area, Member
    from indexer.store.derived.topics import Topics

_MOST_IN_ONE = 0.5
"""Share of a curated topic's posts above which it is in their area; chosen: most of them."""


def tree(views: Sequence[TopicView], areas: Iterable[Area], *, nearest_first: bool = False) -> list[Branch]:
    """Return the branches, those with most posts first. An area of which one topic is left gives way to that topic.

    The posts of an area are those of its topics and those nearest to it: what leads its topics first, or the nearest.
    """
    known = list(areas)
    parents = {topic: area.named.id for area in known for topic in area.topics}
    area_of = {i: area.named.id for area in known for i in area.members}
    for view in views:
        if view.topic.source == "curated":
            homes = Counter(area_of.get(member.article_id) for member in view.members)
            parent, posts = homes.most_common(1)[0]
            if parent is not None and posts > _MOST_IN_ONE * len(view.members):
                parents[view.topic.id] = parent
    posts_by_id = {member.article_id: member for view in views for member in view.members}
    branches = []
    for area in known:
        topics = tuple(view for view in views if parents.get(view.topic.id) == area.named.id)
        if len(topics) > 1:
            branches.append(
                Branch(TopicView(area.named, tuple(_members(area, topics, posts_by_id, nearest_first))), topics)
            )
    held = {view.topic.id for branch in branches for view in branch.topics}
    branches += [Branch(view) for view in views if view.topic.id not in held]
    return sorted(branches, key=lambda branch: (-len(branch.view.members), branch.view.topic.label))


def _members(
    area: Area, topics: Iterable[TopicView], posts: Mapping[int, Member], nearest_first: bool
) -> Iterator[Member]:
    places: dict[int, float] = {i: 1.0 for i in area.members if i in posts}
    for view in topics:
        for place, member in enumerate(view.members):
            i = member.article_id
            places[i] = min(places.get(i, 1.0), place / len(view.members))
    order = sorted(places, key=lambda i: (places[i], -area.members.get(i, 0.0), posts[i].url))
    if nearest_first:
        order.sort(key=lambda i: -area.members.get(i, 0.0))
    return (posts[i] for i in order)


def areas_at(topics: Topics, articles: Articles, number: int) -> list[Area]:
    """Return so many areas, made for this once; all the topics' own where there are no more. Reads every post."""
    from indexer.topics.areas import fit_areas, name_areas, nearest, with_members
    from indexer.topics.labels import Namer
    from indexer.topics.phrases import find_phrases
    from indexer.topics.terms import read, vectors

    state = topics.state()
    if state.model is None:
        return []
    readings = sorted(
        (read(article) for article in articles.iterate() if not article.gone),
        key=lambda reading: (reading.url, reading.id),
    )
    posts = vectors(state.model.vocabulary, readings)
    weights = [state.placed[reading.id].weights if reading.id in state.placed else {} for reading in readings]
    made = fit_areas(posts, weights, {}, state.next_id, number)
    made = with_members(made, readings, nearest(posts, [area.middle for area in made]))
    namer = Namer(readings, find_phrases(readings))
    return name_areas(made, readings, state.model.vocabulary, namer, [topic.label for topic in topics.shown()])
