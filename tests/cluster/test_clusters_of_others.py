"""Clusters as others have them: workers that lack a toolchain, connections with TLS, `local`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cluster.conftest import ROOT, Servers, begin, call, until
from tests.cluster.gated import Gated

pytest.importorskip("distributed", reason="dask.distributed is not installed")

ASKED = ("verify", "value-from-join", "--corpus", ROOT / "examples", "--runs", 3, "--schedules", 5)


def test_a_worker_that_lacks_a_toolchain_gets_no_such_work(
    servers: Servers, tmp_path: Path
) -> None:
    """The other one makes those runs; once it is gone, that nobody has it is told."""
    servers.start(1)
    (able,) = servers.workers
    home = tmp_path / "home"
    home.mkdir()
    bare = {"PATH": str(home), "HOME": str(home), "RUSTUP_HOME": str(home), "CARGO_HOME": str(home)}
    servers.environment |= bare
    servers.join()
    servers.wait_for(2)
    state = ("--state-dir", tmp_path / "state", "--cluster", servers.address)
    told = call("doctor", "--cluster", servers.address)
    workers = told.out.split("tcp://127.0.0.1:")[1:]
    assert [False, True] == sorted("rustc" in worker for worker in workers)
    told = call(*ASKED, *state)
    assert (0, "") == (told.code, told.err)
    assert 2 == told.out.count("PASSED")
    able.send_signal(signal.SIGKILL)
    able.wait()
    told = call(*ASKED, *state, "--rust", "stable")
    assert 3 == told.code
    assert 'no worker of the cluster has a Rust "stable"' in told.err


def test_a_connection_may_be_encrypted(servers: Servers, tmp_path: Path) -> None:
    """What dask's own settings say of TLS holds; who has no certificate is told in a line."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl, which makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-keyout", key, "-out", certificate),
        check=True, capture_output=True,
    )  # fmt: skip
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    settings = {
        f"{tls}CA_FILE": str(certificate),
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "1",
    }
    for who in ("SCHEDULER", "WORKER", "CLIENT"):
        settings |= {f"{tls}{who}__CERT": str(certificate), f"{tls}{who}__KEY": str(key)}
    servers.protocol = "tls"
    servers.environment |= settings
    servers.start(1)
    asked = (*ASKED, "--side", "python", "--state-dir", tmp_path / "state")
    told = call(*asked, "--cluster", servers.address, environment=settings)
    assert (0, "") == (told.code, told.err)
    assert 1 == told.out.count("PASSED")
    told = call(*asked, "--cluster", servers.address)
    assert 2 == told.code
    lacking = "dask has no certificate for it: expected distributed.comm.tls.client.cert"
    (line,) = told.err.splitlines()
    assert line.startswith(f"harness: --cluster: {servers.address}: {lacking}")


def test_an_interruption_ends_a_cluster_of_our_own(tmp_path: Path) -> None:
    """Ctrl-C at a terminal reaches all of the session's processes: none of them is left."""
    gated = Gated(tmp_path, "first")
    state = ("--state-dir", tmp_path / "state", "--cluster", "local", "--jobs", 1)
    calling = begin("verify", gated.corpus, "--side", "python", "--schedules", 0, *state)
    until(lambda: gated.runs("first") == 1, "a run has begun")
    os.killpg(calling.process.pid, signal.SIGINT)
    told = calling.told()
    kept = "0 lots of work are done and kept: the same with --resume goes on from there"
    assert (130, f"harness: {kept}\n\nharness: interrupted\n") == (told.code, told.err)
    until(lambda: not _in_session(calling.process.pid), "all that it had started has ended")
    (number,) = (tmp_path / "first.runs").read_text().split()
    until(lambda: not Path("/proc", number).exists(), "the program was ended")


def _in_session(number: int) -> list[str]:
    """The processes of a session that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue  # it has just ended
        if session == str(number) and state != "Z":
            found.append(stat.parent.name)
    return found
