"""One window for each data folder; later starts hand over what they want."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.desktop_errors import NotAnswering
from onhand.domain.errors import DataFolderUnwritable
from onhand.domain.starts import Entrance, Start
from onhand.storage.first_instance import FirstInstance

QUICK = Start(entrance=Entrance.QUICK, file="/a b/ü.onhandtask", private=True, token="t-1")  # noqa: S106
HOLDER = """
import sys
from pathlib import Path
from onhand.domain.starts import Start
from onhand.storage.first_instance import FirstInstance
assert FirstInstance(Path(sys.argv[1])).claim(Start())
print("first", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def first(tmp_path):
    first = FirstInstance(tmp_path / "window")
    assert first.claim(Start())
    yield first
    first.release()


def test_a_later_start_hands_over_what_it_wants(first, tmp_path):
    later = FirstInstance(tmp_path / "window")
    found = []
    thread = threading.Thread(target=lambda: found.append(later.claim(QUICK)))
    thread.start()
    taken = []
    while not taken:
        taken = first.take()
    thread.join()
    assert taken == [QUICK]
    assert found == [False]
    assert first.take() == []


def test_a_first_one_that_does_not_answer_is_told_and_nothing_is_left(first, tmp_path):
    with pytest.raises(NotAnswering):
        FirstInstance(tmp_path / "window").claim(QUICK, patience=0.1)
    assert first.take() == []


def test_a_killed_first_one_leaves_its_place(tmp_path):
    folder = tmp_path / "window"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"first\n"
        later = FirstInstance(folder)
        with pytest.raises(NotAnswering):
            later.claim(QUICK, patience=0.1)
        threading.Timer(0.2, holder.kill).start()
        assert later.claim(QUICK, patience=30)
    later.release()
    assert list((folder / "starts").iterdir()) == []


def test_starts_are_taken_in_their_order(first):
    for name in ("b", "a"):
        first._leave(Start(file=name))
    assert [start.file for start in first.take()] == ["b", "a"]


@given(st.one_of(st.binary(), st.dictionaries(st.text(), st.text()).map(json.dumps)))
def test_a_file_that_no_start_wrote_is_passed_over_and_removed(tmp_path_factory, content):
    first = FirstInstance(tmp_path_factory.mktemp("window"))
    assert first.claim(Start())
    path = first.folder / "00000000000000000000-1.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert all(isinstance(each, Start) for each in first.take())
    assert not path.exists()
    first.release()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "window").write_text("in the way")
    with pytest.raises(DataFolderUnwritable):
        FirstInstance(tmp_path / "window").claim(Start())
