"""The engine cannot talk: attacked from within, where it can be and where it cannot."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.starter import STARTER, needs_starter, real_engine
from fakes.stores import FakeLadder, FakeSettings
from onhand.bootstrap import engine_command
from onhand.domain.layouts import Layout
from onhand.domain.policy_errors import SandboxMissing
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings
from onhand.engine.client import EngineClient
from onhand.engine.workshop import EngineWorkshop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")

FAKES = Path(__file__).parents[1] / "fakes"
NOWHERE = [sys.executable, str(FAKES / "refusing_kernel.py")]
"""Put in front of a command: a kernel that knows no seccomp."""


@contextlib.contextmanager
def listening():
    """Ports that would take what gets out, and what has arrived there."""
    with (
        socket.create_server(("127.0.0.1", 0), backlog=20) as stream,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packets,
    ):
        packets.bind(("127.0.0.1", 0))
        for each in (stream, packets):
            each.setblocking(False)
        yield stream, packets


def attack(*options, before=()):
    with listening() as (stream, packets):
        ports = [str(each.getsockname()[1]) for each in (stream, packets)]
        argv = [*before, sys.executable, str(FAKES / "attacker.py"), *ports, *options]
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
        arrived = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                stream.accept()[0].close()
                arrived += 1
        with contextlib.suppress(BlockingIOError):
            packets.recv(10)
            arrived += 1
    return json.loads(done.stdout), arrived


@pytest.mark.net
def test_without_the_sandbox_the_attacks_get_out():
    said, arrived = attack()
    out = [way for way, became in said["ways"].items() if became == "OUT"]
    assert {"tcp", "udp", "qt", "c library", "child"} <= set(out), said
    assert arrived == 5


@pytest.mark.net
def test_behind_the_sandbox_none_of_six_ways_gets_out():
    said, arrived = attack("--confined")
    assert said["confinement"] == {"enforced": True, "reason": ""}
    assert len(said["ways"]) == 6
    assert "OUT" not in said["ways"].values(), said
    assert arrived == 0
    assert said["more"]["x32"] == "Operation not permitted"
    assert said["more"]["borrowed"] == "Operation not permitted"
    assert said["more"]["local"] == "works"


@pytest.mark.net
def test_a_kernel_that_refuses_is_told_and_nothing_else_changes():
    said, arrived = attack("--confined", before=NOWHERE)
    assert said["confinement"]["enforced"] is False
    assert "seccomp" in said["confinement"]["reason"]
    assert arrived >= 5
    assert said["more"]["local"] == "works"


def status_of(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


@needs_starter[1]
@pytest.mark.e2e
@pytest.mark.model
class TestRealEngine:
    def test_it_is_behind_the_filter_with_all_its_threads_and_says_so(self):
        with real_engine() as engine:
            assert engine.state().confinement.enforced
            pid = engine._running.connection.pid
            threads = [int(each.name) for each in Path(f"/proc/{pid}/task").iterdir()]
            assert len(threads) > 1
            assert {status_of(each)["Seccomp"] for each in threads} == {"2"}
            assert {status_of(each)["NoNewPrivs"] for each in threads} == {"1"}

    def test_it_writes_no_core_dumps_and_no_other_program_reads_its_memory(self):
        with real_engine() as engine:
            engine.state()
            pid = engine._running.connection.pid
            limits = Path(f"/proc/{pid}/limits").read_text()
            [core] = [line for line in limits.splitlines() if "core file" in line]
            assert core.split()[4] == "0"
            # Files of an undumpable process belong to root, whoever it runs as.
            assert Path(f"/proc/{pid}/mem").stat().st_uid == 0

    def test_where_the_kernel_refuses_it_answers_and_says_so(self):
        with real_engine(argv=[*NOWHERE, *engine_command()]) as engine:
            state = engine.state()
            assert not state.confinement.enforced
            assert "seccomp" in state.confinement.reason

    @pytest.mark.parametrize("before", [[], NOWHERE], ids=["enforced", "refused"])
    def test_a_required_sandbox_forbids_running_without(self, before):
        settings = FakeSettings(Settings(context=1024, require_sandbox=True))
        argv = [*before, *engine_command()]
        ladder = FakeLadder()
        client = EngineClient(argv, ladder=ladder, settings=settings)
        client.use(STARTER)
        with contextlib.closing(client):
            if not before:
                assert client.state().confinement.enforced
                return
            with pytest.raises(SandboxMissing, match="seccomp") as caught:
                client.state()
            assert caught.value.exit_code == 7
            # Nothing is held against the build of the kernels.
            assert ladder.record is None or ladder.record.trials == ()
            settings.save(Settings(context=1024))
            assert client.state().architecture

    def test_a_required_sandbox_forbids_making_other_layouts_without(self, tmp_path):
        settings = FakeSettings(Settings(require_sandbox=True))
        workshop = EngineWorkshop([*NOWHERE, *engine_command()], None, None, settings)
        target = tmp_path / "new.gguf"
        with pytest.raises(SandboxMissing):
            workshop.requantise(STARTER, target, Layout.Q4_0, CancelToken())
        assert list(tmp_path.iterdir()) == []


def test_every_entrance_refuses_core_dumps(tmp_path):
    code = (
        "import sys, resource, ctypes; sys.argv = ['onhand', '--version'];"
        "import onhand.__main__ as program\n"
        "try: program.main()\n"
        "except SystemExit: pass\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3))"
    )
    argv = [sys.executable, "-c", code]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-2:] == ["0", "0"]


@pytest.mark.skipif(
    Path("/proc/sys/kernel/core_pattern").read_text().strip() != "core",
    reason="the system puts core dumps elsewhere",
)
@pytest.mark.parametrize("refused", [False, True])
def test_a_crash_leaves_memory_on_the_disk_only_where_that_is_not_refused(
    tmp_path, refused
):
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if hard != resource.RLIM_INFINITY:
        pytest.skip("core dumps are off for all here")
    code = (
        "import os, resource; from onhand.sandbox import refuse_core_dumps\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)\n"
        f"if {refused}: refuse_core_dumps()\n"
        "os.abort()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
    assert bool(list(tmp_path.iterdir())) is not refused


def test_a_child_that_is_to_end_with_its_parent_does(tmp_path):
    child = (
        "import os, sys, time; from onhand.sandbox import end_with_parent;"
        "end_with_parent(os.getppid()); print(os.getpid(), flush=True); time.sleep(600)"
    )
    code = (
        "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c',"
        f" {child!r}], stdout=subprocess.PIPE); print(p.stdout.readline().decode(),"
        " flush=True); time.sleep(600)"
    )
    argv = [sys.executable, "-c", code]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        watched = os.pidfd_open(pid)
        parent.kill()
    ended, _, _ = select.select([watched], [], [], 10)
    os.close(watched)
    assert ended
