from __future__ import annotations

import re
from dataclasses import replace

from indexer.audit.findings import Gone
from indexer.audit.memory.history import remember
from indexer.audit.run import audit
from indexer.present.terminal.audit_mail import audit_mail
from tests.audit_blog import BEFORE, NOW, article, blog, call, own
from tests.commandline import blogdex


def test_a_mail_says_what_is_new_what_was_mended_and_what_is_left():
    first = audit(blog())
    posts = [*blog(), article(30, [own(30, 0), call(phone=BEFORE)])]
    second = audit(posts, previous=remember(first))
    told = "\n".join(audit_mail("aster.test", replace(second, gone=(Gone("stale values", 18, 12),)), 78))
    assert told.startswith(f"aster.test: 21 posts, {len(second.actions)} things to do")
    assert "12 of 18 stale values" in told
    new, _, old = told.partition("Still to do:")
    assert f'- Replace the old phone number "{BEFORE}"' in new
    assert "Post 30" in new
    assert "- Replace the old name" in old
    assert f"and 2 more: blogdex audit show {second.actions[0].mark.id}" in new
    assert max(len(line) for line in told.split("\n") if "://" not in line) <= 78


def test_a_mail_about_nothing_is_none():
    first = audit(blog())
    again = audit([*blog(), article(30, [*(own(30, at) for at in range(4)), call()])], previous=remember(first))
    assert not list(audit_mail("aster.test", again, 78))
    calm = [article(n, [own(n, at) for at in range(3)]) for n in range(12)]
    assert not list(audit_mail("aster.test", audit(calm), 78))


def test_where_a_post_is_edited_stands_in_the_mail_and_nothing_steers_a_terminal():
    found = audit(blog())
    edit = "https://aster.test/wp-admin/post.php?post=3&action=edit"
    facts = tuple(replace(fact, edit_url=edit, title="Odd \x1b[31m\nBcc: x@y.test") for fact in found.posts)
    lines = list(audit_mail("aster.test", replace(found, posts=facts), 78))
    assert f"    {edit}" in lines
    assert not [line for line in lines if "\x1b" in line or "\n" in line or line.startswith("Bcc")]


def test_the_command_mails_what_changed_once(tmp_path):
    def write(number, phone):
        words = f"<p>{own(number, 0)}</p><p>{own(number, 1)}</p><p>{call(phone=phone)}</p>"
        shell = (
            f"<head><title>Post {number}</title></head><body><article><h1>Post {number}</h1>{words}</article></body>"
        )
        (pages / f"post-{number}.html").write_text(f"<!doctype html><html lang=en>{shell}</html>")

    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(12):
        write(number, BEFORE if number < 2 else NOW)
    library = tmp_path / "library"
    command = ("import", str(pages), "--base-url", "https://aster.test/news/")
    assert blogdex(*command, library=library).returncode == 0
    (library / "facts.toml").write_text(f'phone = "{NOW}"\nold_phones = "{BEFORE}"\n')
    mail = blogdex("audit", "--mail", library=library)
    assert (mail.returncode, mail.stderr) == (0, "")
    assert re.search(rf'- Replace the old phone number "{re.escape(BEFORE)}"', mail.stdout)
    assert blogdex("audit", "--mail", library=library).stdout == ""
    write(0, NOW)
    assert blogdex(*command, library=library).returncode == 0
    assert "1 of 2 stale values" in blogdex("audit", "--mail", library=library).stdout
    assert blogdex("audit", "stale", "--mail", library=library).returncode == 2
