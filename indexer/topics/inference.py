"""Decide which topics a post has, from how strongly it has each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TOPICS = 3
LEAST_SHARE = 0.25
LEAST_STRENGTH = 0.1
"""A post whose strongest topic explains less of it than this (cosine, 0-1) has none: it is `other`."""


def shares_of(strengths: Mapping[int, float]) -> dict[int, float]:
    """Return the share of the post that each of its topics has, 0-1, greatest first; empty where none fits."""
    if not strengths or max(strengths.values()) < LEAST_STRENGTH:
        return {}
    total = sum(strengths.values())
    ranked = sorted(strengths, key=lambda topic: (-strengths[topic], topic))[:MOST_TOPICS]
    shares = {topic: round(strengths[topic] / total, 4) for topic in ranked}
    return {topic: share for topic, share in shares.items() if share >= LEAST_SHARE or topic == ranked[0]}
