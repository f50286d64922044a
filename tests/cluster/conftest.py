"""Run what stands here only where it is asked for: by `-m cluster`, or by BLOGDEX_TEST_CLUSTER=1.

With the latter it is a failure that what Debian has is missing; else that is the reason for which tests are skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cluster.nodes import LINES, Missing, cluster

DEBIANS_JAVA = 17
WANTED = os.environ.get("BLOGDEX_TEST_CLUSTER")


def pytest_collection_modifyitems(config, items):
    own = [item for item in items if Path(__file__).parent in item.path.parents]
    if own and not WANTED and "cluster" not in (config.option.markexpr or ""):
        config.hook.pytest_deselected(items=own)
        items[:] = [item for item in items if item not in own]


def made(line, folder, number=3, **more):
    """Return nodes that are not started yet; without Java or Maven the test is skipped or fails."""
    try:
        return cluster(line, folder, number, **more)
    except Missing as missing:
        fails = WANTED and LINES[line].java <= DEBIANS_JAVA
        return (pytest.fail if fails else pytest.skip)(f"OpenSearch {LINES[line].version}: {missing}")


@pytest.fixture(scope="session", params=LINES)
def nodes(request, tmp_path_factory):
    """Return three nodes of each line, for tests that leave them running."""
    with made(request.param, tmp_path_factory.mktemp("nodes")) as running:
        yield running
