"""Findings are accepted, with a reason, and taken back; nobody's decision is lost."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from filelock import FileLock

from indexer import writer
from indexer.accepting import accept_findings, withdraw_findings
from indexer.audit.findings import Audit, Mark, MissingCta, Summary
from indexer.audit.memory.accepted import Remark
from indexer.auditing import read_acceptances
from indexer.errors import BusyDecisionsError
from tests.commandline import blogdex

TODAY = date(2026, 11, 30)
IDS = [f"x-{number}" for number in range(12)]
FOUND = Audit(
    Summary(12, 900, 0.1, 0.1, 0.8),
    missing_cta=tuple(MissingCta(Mark(one), f"https://a.example/{one}", "asks for nothing", None) for one in IDS),
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "accepted.toml"


def test_who_accepted_a_finding_and_why_is_kept(file):
    accept_findings(file, FOUND, ["x-1"], TODAY, Remark("ann", 'an old post, "as is"\nby wish of the doctor'))
    (kept,) = read_acceptances(file)
    assert (kept.id, kept.what, kept.on) == ("x-1", "cta", "2026-11-30")
    assert kept.remark == Remark("ann", 'an old post, "as is"\nby wish of the doctor')


def test_of_several_findings_those_that_are_there_are_accepted(file):
    assert [one.id for one in accept_findings(file, FOUND, ["x-3", "nothing", "x-1"], TODAY)] == ["x-3", "x-1"]
    assert {one.id for one in read_acceptances(file)} == {"x-3", "x-1"}


def test_an_acceptance_that_is_taken_back_is_gone_and_the_others_stay(file):
    accept_findings(file, FOUND, ["x-1", "x-2"], TODAY, Remark("ann", "fine"))
    assert [one.id for one in withdraw_findings(file, ["x-1", "x-7"])] == ["x-1"]
    assert [(one.id, one.remark.note) for one in read_acceptances(file)] == [("x-2", "fine")]
    assert not withdraw_findings(file, ["x-1"])


def test_of_twelve_who_accept_at_once_none_is_lost(file):
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda one: accept_findings(file, FOUND, [one], TODAY), IDS))
    assert {one.id for one in read_acceptances(file)} == set(IDS)


def test_who_has_to_wait_too_long_is_told_so(file, monkeypatch):
    monkeypatch.setattr(writer, "_PATIENCE_S", 0.05)
    with FileLock(file.with_name(writer.DECISIONS_LOCK)), pytest.raises(BusyDecisionsError, match=r"accepted\.toml"):
        accept_findings(file, FOUND, ["x-1"], TODAY)
    assert not file.exists()


@pytest.mark.xdist_group("demo")
def test_the_command_line_accepts_with_a_reason_and_takes_it_back(crawled, tmp_path):
    library = shutil.copytree(crawled, tmp_path / "lib")
    own = json.loads(blogdex("audit", "--json", library=library).stdout)["duplicate_articles"][0]["id"]
    assert json.loads(blogdex("audit", "show", own, "--json", library=library).stdout)["acceptance"] is None
    blogdex("audit", "accept", own, "--note", "a reprint", library=library, LOGNAME="ann")
    shown = blogdex("audit", "show", own, library=library).stdout
    assert shown.splitlines()[-1].endswith(" by ann: a reprint")
    assert (
        json.loads(blogdex("audit", "show", own, "--json", library=library).stdout)["acceptance"]["note"] == "a reprint"
    )
    back = blogdex("audit", "withdraw", own, library=library)
    assert (back.returncode, back.stdout) == (0, "")
    assert f"{own} counts again." in back.stderr
    assert json.loads(blogdex("audit", "show", own, "--json", library=library).stdout)["accepted"] is False
    assert blogdex("audit", "withdraw", own, library=library).returncode == 1
    assert blogdex("audit", "withdraw", library=library).returncode == 2
    assert blogdex("audit", "--note", "why", library=library).returncode == 2
