"""The child that reads headers: what becomes of it harms nobody else."""

from __future__ import annotations

import sys

import pytest

from fakes.tiny_gguf import tiny_gguf
from onhand.child_process import ChildProcess
from onhand.domain.errors import ModelMissing, ModelUnusable
from onhand.gguf.client import HeaderReader
from onhand.trust_wiring import header_reader

pytestmark = pytest.mark.e2e


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "tiny model.gguf"
    found.write_bytes(tiny_gguf())
    return found


def child(code, patience=20.0):
    return HeaderReader([sys.executable, "-c", code], patience=patience)


def test_a_header_comes_from_a_child(path):
    found = header_reader()(path)
    assert (found.architecture, found.tensors) == ("llama", 21)


def test_what_is_wrong_with_a_file_comes_from_the_child_too(path):
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ModelUnusable, match=r"tiny model\.gguf: it "):
        header_reader()(path)


def test_a_file_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(ModelMissing):
        header_reader()(tmp_path / "none.gguf")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_child_that_dies_takes_nobody_with_it(path):
    with pytest.raises(ModelUnusable, match="SIGABRT"):
        child("import os; os.abort()")(path)


def test_a_child_that_hangs_is_ended(path):
    with pytest.raises(ModelUnusable, match="took over"):
        child("import time; time.sleep(3600)", patience=0.5)(path)


@pytest.mark.parametrize("said", ["", "nonsense", "{}", '{"header": {}}'])
def test_a_child_that_babbles_is_not_believed(path, said):
    with pytest.raises(ModelUnusable):
        child(f"print({said!r})")(path)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_the_child_is_limited_in_memory_and_time():
    code = (
        "from onhand.gguf.main import limit; import resource; limit();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] <= 1 << 30,"
        " resource.getrlimit(resource.RLIMIT_CPU)[0] <= 10,"
        " resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    running = ChildProcess.start([sys.executable, "-c", code])
    assert running.read_line() == b"True True 0"
    running.close()
