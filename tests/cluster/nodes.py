"""Start, kill and restart nodes of OpenSearch on free loopback ports, each in a folder of its own.

Nodes end with the process that started them, however that ends: each waits at the end of a pipe from it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

HERE = Path(__file__).parent
_PATIENCE_S = 180.0  # for a busy machine; a node takes some 5 s


class Line(NamedTuple):
    """A line of versions: the release of it that is tested, its log4j, and the oldest Java that runs it."""

    version: str
    log4j: str
    java: int


LINES = {"2.19": Line("2.19.6", "2.25.4", 11), "3.x": Line("3.9.0", "2.25.5", 21)}


class Missing(Exception):
    """What nodes need and this machine lacks."""


def java_home(least: int) -> Path:
    """Return the folder of the oldest Java that is new enough, with its compiler. Raise `Missing`."""
    homes = {Path(home) for home in (os.environ.get("JAVA_HOME"),) if home}
    homes |= {path.resolve() for path in Path("/usr/lib/jvm").glob("*")}
    if found := shutil.which("javac"):
        homes.add(Path(found).resolve().parent.parent)
    known = [
        (release, home) for home in homes if (home / "bin/javac").exists() and (release := _release(home)) >= least
    ]
    if not known:
        raise Missing(f"no JDK {least} or newer: apt-get install default-jdk-headless, or set JAVA_HOME")
    return min(known)[1]


def _release(home: Path) -> int:
    told = (home / "release").read_text() if (home / "release").exists() else ""
    found = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', told)
    return int(found[1]) if found else 0


def kit(line: str) -> Path:
    """Return the folder with all that a node of the line needs, made when first asked for. Raise `Missing`."""
    of = LINES[line]
    java = java_home(of.java)
    folder = HERE / "target" / of.version
    folder.parent.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / "classes.jsa").exists():
            if shutil.which("mvn") is None:
                raise Missing("mvn is not installed: apt-get install maven")
            shutil.rmtree(folder, ignore_errors=True)
            _make(of, java, folder)
    return folder


def _make(of: Line, java: Path, folder: Path) -> None:
    words = ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies", "-DincludeScope=runtime",
             f"-Dopensearch={of.version}", f"-Dlog4j={of.log4j}", f"-DoutputDirectory={folder}"]  # fmt: skip
    _run(words)
    _run([java / "bin/javac", "-cp", f"{folder}/*", "-d", folder / "made", HERE / "ClusterNode.java"])
    _run([java / "bin/jar", "--create", "--file", folder / "cluster-node.jar", "-C", folder / "made", "."])
    shutil.rmtree(folder / "made")
    # A first start writes down the classes that it loaded: later ones take a third of the time.
    first = Cluster(of, java, folder, folder / "first", 1, flags=[f"-XX:ArchiveClassesAtExit={folder}/classes.jsa"])
    with first:
        first.nodes[0].stop()
    shutil.rmtree(folder / "first")


def _run(words: list) -> None:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-2000:]}")


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens at."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Node:
    """One node: a process of Java, or none while it is down."""

    def __init__(self, name: str, words: list[str], port: int, log: Path) -> None:
        self.name, self.url = name, f"http://127.0.0.1:{port}"
        self._words, self._log = words, log
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        if self._process is None:
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(self._words, stdin=subprocess.PIPE, stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        """Return the number of the process that runs."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """End the node as an administrator would."""
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait(_PATIENCE_S)
            self._process = None

    def kill(self) -> None:
        """End the node as a failing machine would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_PATIENCE_S)
            self._process.stdin.close()
            self._process = None

    def check(self) -> None:
        """Raise where the process ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"node {self.name} ended: {self._log.read_text(errors='replace')[-3000:]}")


class Cluster:
    """Some nodes that know one another; a context that leaves nothing running."""

    def __init__(
        self, of: Line, java: Path, kit: Path, folder: Path, number: int, *, heap_mb=256, flags=(), settings=()
    ):
        folder.mkdir(parents=True, exist_ok=True)
        ports = free_ports(2 * number)
        http, transport = ports[:number], ports[number:]
        names = [f"n{each}" for each in range(number)]
        common = {
            "cluster.name": "blogdex-test",
            "network.host": "127.0.0.1",
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in transport),
            "cluster.initial_cluster_manager_nodes": ",".join(names),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "node.processors": "2",
            **dict(settings),
        }
        archive = [f"-XX:SharedArchiveFile={kit}/classes.jsa"] if (kit / "classes.jsa").exists() else []
        self.version, self.nodes = of.version, []
        for name, port, other in zip(names, http, transport, strict=True):
            own = {
                "node.name": name,
                "path.home": str(folder / name),
                "path.data": str(folder / name / "data"),
                "path.logs": str(folder / name / "logs"),
                "http.port": str(port),
                "transport.port": str(other),
            }
            words = [str(java / "bin/java"), f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m", "-XX:+UseSerialGC", "-Xshare:auto",
                     "-XX:TieredStopAtLevel=1", *archive, *flags, "-cp", f"{kit}/*", "ClusterNode",
                     *(f"{key}={value}" for key, value in (common | own).items())]  # fmt: skip
            self.nodes.append(Node(name, words, port, folder / f"{name}.log"))

    def __enter__(self) -> Cluster:
        try:
            for node in self.nodes:
                node.start()
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        for node in self.nodes:
            node.kill()

    @property
    def urls(self) -> list[str]:
        return [node.url for node in self.nodes]

    def up(self) -> list[Node]:
        """Return the nodes that run."""
        return [node for node in self.nodes if node._process is not None]

    def ask(self, path: str, method: str = "GET", body: object = None, patience_s: float = 60.0) -> dict:
        """Return what the first node that runs answers."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            self.up()[0].url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=patience_s) as answer:
            told = answer.read()
        return json.loads(told) if told else {}

    def manager(self) -> Node:
        """Return the elected manager."""
        named = self.ask("/_cat/cluster_manager?format=json")[0]["node"]
        return next(node for node in self.nodes if node.name == named)

    def wait(self, status: str = "green") -> None:
        """Wait until every node that runs has joined, and indices are as healthy as asked for."""
        nodes = len(self.up())
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            for node in self.nodes:
                node.check()
            try:
                told = self.ask(f"/_cluster/health?wait_for_status={status}&wait_for_nodes={nodes}&timeout=5s")
                if not told["timed_out"]:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"The nodes did not come up: {[node._log.read_text()[-1500:] for node in self.nodes]}")


def cluster(line: str, folder: Path, number: int = 3, **more) -> Cluster:
    """Return some nodes of a line, ready to be started. Raise `Missing`."""
    of = LINES[line]
    return Cluster(of, java_home(of.java), kit(line), folder, number, **more)
