"""Slow, greedy and lying clients stop nobody else."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commandline import ROOT, environment

pytestmark = pytest.mark.xdist_group("demo")
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory, crawled):
    """Start a server; gives the process, its port, and the file of its log."""
    folder = tmp_path_factory.mktemp("slow")
    library, log = shutil.copytree(crawled, folder / "lib"), folder / "log"
    words = [sys.executable, "-u", "-m", "cli", "serve", "--no-open", "--port", "0"]
    with log.open("wb") as stream:
        process = subprocess.Popen(words, cwd=ROOT, env=environment(library), stdout=stream, stderr=stream)
    until, found = time.monotonic() + 60, None
    while not found and time.monotonic() < until:
        time.sleep(0.05)
        found = re.search(r":(\d+)/", log.read_text())
    yield process, int(found[1]), log
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def talk(port: int, sent: bytes, seconds: float = 20) -> bytes:
    """Send bytes and return what comes back until the server closes or rests."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        got = b""
        try:
            line.sendall(sent)
            line.settimeout(1)
            while piece := line.recv(65536):
                got += piece
        except (TimeoutError, ConnectionError):
            pass
        return got


def head(port: int, *lines: str, method: str = "GET", path: str = "/healthz") -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *lines, "", "")).encode()


def healthy(port: int) -> bool:
    return talk(port, head(port, "Connection: close")).startswith(b"HTTP/1.1 200")


def memory_mb(process) -> float:
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        pytest.skip("memory is read from /proc, which this system has not")
    return int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1]) / 1024


def test_two_hundred_connections_that_say_nothing_stop_nobody(server):
    _, port, _ = server
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    try:
        for line in held[:100]:
            line.sendall(b"GET /search?q=pain HTTP/1.1\r\nX-Slow: ")
        began = time.monotonic()
        assert healthy(port)
        assert time.monotonic() - began < 15  # a loaded machine; without room it would be the 30 s of a time-out
    finally:
        for line in held:
            line.close()


def test_clients_that_never_read_their_answer_stop_nobody(server):
    _, port, _ = server
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    try:
        for line in held:
            line.sendall(head(port, path="/static/pages.css") * 20)
        assert healthy(port)
    finally:
        for line in held:
            line.close()


def test_a_header_of_300_kb_is_refused(server):
    process, port, _ = server
    before = memory_mb(process)
    got = talk(port, head(port, "X-Long: " + "a" * 300_000))
    assert got == b"" or b" 431 " in got.partition(b"\r\n")[0]
    assert healthy(port)
    assert memory_mb(process) - before < 10


@pytest.mark.parametrize("length", ["1000000000", "99999999999999999999", "1048577"])
def test_a_body_of_a_gigabyte_is_refused_before_it_is_read(server, length):
    process, port, _ = server
    before = memory_mb(process)
    got = talk(port, head(port, f"Content-Length: {length}", method="POST", path="/audit/accept") + b"a" * 200_000)
    assert got == b"" or got.split()[1] in (b"413", b"400", b"401")
    assert healthy(port)
    assert memory_mb(process) - before < 10


def test_a_body_in_pieces_without_end_is_cut_off(server):
    process, port, _ = server
    before = memory_mb(process)
    pieces = (b"%x\r\n" % 65536 + b"a" * 65536 + b"\r\n") * 64
    got = talk(port, head(port, "Transfer-Encoding: chunked", method="POST", path="/audit/accept") + pieces)
    assert got == b"" or got.split()[1] in (b"413", b"400")
    assert healthy(port)
    assert memory_mb(process) - before < 10


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 4"),
        ("Transfer-Encoding: chunked", "Connection: keep-alive", "Content-Length: 5"),
        ("Content-Length: 0", f"Content-Length: {len(SMUGGLED)}"),
        ("Content-Length: +0",),
        ("Content-Length: 0x0",),
        ("Content-Length: -1",),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding:\x0bchunked",),
        (" Transfer-Encoding: chunked",),
    ],
)
def test_a_request_whose_end_is_told_twice_or_oddly_is_closed(server, lines):
    """Where a proxy and a server read different ends, the rest is a request that nobody checked (RFC 9112, section 11.2)."""
    _, port, log = server
    before = log.read_text().count("/smuggled")
    got = talk(port, head(port, *lines, method="POST", path="/healthz") + b"0\r\n\r\n" + SMUGGLED)
    assert log.read_text().count("/smuggled") == before
    assert got.count(b"HTTP/1.1 ") <= 1
    assert healthy(port)


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01\x02\x00\x01\x00\x01", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 5000, b"GET /\x00 HTTP/1.1\r\n\r\n",
     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_request_of_these_pages_is_answered_by_an_error(server, sent):
    _, port, log = server
    got = talk(port, sent)
    assert not got.startswith(b"HTTP/1.1 2") and not got.startswith(b"HTTP/1.0 2")
    assert healthy(port)
    assert "Traceback" not in log.read_text() and b"Traceback" not in got
