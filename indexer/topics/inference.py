"""Decide which topics a post has, from how strongly it has each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TOPICS = 3
LEAST_SHARE = 0.25
LEAST_STRENGTH = 0.1
"""A post whose strongest topic explains less of it than this (cosine, 0-1) belongs to it loosely: it says nothing of
what the topic is about."""


def shares_of(weights: Mapping[int, float]) -> dict[int, float]:
    """Return the share of the post that each of its topics has, 0-1, greatest first; empty where none fits."""
    if not weights or max(weights.values()) < LEAST_STRENGTH:
        return {}
    total = sum(weights.values())
    ranked = sorted(weights, key=lambda topic: (-weights[topic], topic))[:MOST_TOPICS]
    shares = {topic: round(weights[topic] / total, 4) for topic in ranked}
    return {topic: share for topic, share in shares.items() if share >= LEAST_SHARE or topic == ranked[0]}


def shares_shown(weights: Mapping[int, float]) -> dict[int, float]:
    """Return the same for what people see, where a post that fits no topic well belongs to the nearest, loosely."""
    if shares := shares_of(weights):
        return shares
    best = max(weights, key=lambda topic: (weights[topic], -topic), default=None)
    return {} if best is None else {best: round(LEAST_SHARE * weights[best] / LEAST_STRENGTH, 4)}
