"""Define what an update of the topics and the subject index give back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TopicsReport:
    """What an update did. `refitted` tells whether topics were looked for anew; `placed` posts were new or changed.

    `changed` are the ids of the articles whose topics are others than before: what an index has to take in again.
    """

    topics: int
    posts: int
    other: int
    placed: int
    refitted: bool
    changed: frozenset[int]
