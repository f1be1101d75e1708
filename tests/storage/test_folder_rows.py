"""A folder whose files are the rows of a batch."""

from __future__ import annotations

import os
import sys

import pytest

from fakes.stores import FakeSettings
from onhand.batch_wiring import open_rows
from onhand.domain.errors import InputUnreadable
from onhand.services.reading import ReadText
from onhand.storage.folder_rows import FolderRows


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "mails"
    (place / "old").mkdir(parents=True)
    (place / "b.txt").write_text("two")
    (place / "a.md").write_text("Grüße", encoding="utf-8")
    (place / "old" / "c.txt").write_text("three")
    (place / ".hidden.txt").write_text("no")
    (place / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (place / "page.html").write_text("<p>A page</p>")
    return place


class Reader:
    """Takes documents apart, and counts them."""

    def __init__(self):
        self.read = []

    def __call__(self, path):
        self.read.append(path.name)
        return ReadText(text=f"text of {path.name}", encoding="utf-8")


def test_every_file_is_a_row_with_its_path(folder):
    source = FolderRows(folder, Reader())
    rows = list(source.rows())
    assert [(row.position, row.name, row.text) for row in rows] == [
        (0, "a.md", "Grüße"),
        (1, "b.txt", "two"),
        (2, "old/c.txt", "three"),
        (3, "page.html", "text of page.html"),
        (4, "picture.png", ""),
    ]
    assert source.columns() == ("file",)
    assert rows[2].cells == ("old/c.txt",)
    assert "a PNG picture" in rows[4].error


def test_documents_are_taken_apart_by_a_child(folder):
    rows = list(open_rows(FakeSettings(), folder, "text").rows())
    assert rows[3].text == "A page\n"


def test_a_document_is_taken_apart_once_unless_it_changes(folder):
    reader = Reader()
    source = FolderRows(folder, reader)
    assert list(source.rows()) == list(source.rows())
    assert reader.read == ["page.html"]
    (folder / "page.html").write_text("<p>Another page</p>")
    assert len(list(source.rows())) == 5
    assert reader.read == ["page.html"] * 2


def test_the_fingerprint_knows_names_and_contents(folder):
    source = FolderRows(folder, Reader())
    before = source.fingerprint()
    assert source.fingerprint() == before
    (folder / "b.txt").rename(folder / "z.txt")
    renamed = source.fingerprint()
    (folder / "z.txt").write_text("2wo")
    assert len({before, renamed, source.fingerprint()}) == 3


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputUnreadable):
        list(FolderRows(tmp_path / "nowhere", Reader()).rows())


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_what_cannot_be_read_is_a_row_with_an_error(folder):
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.txt")
    source = FolderRows(folder, Reader())
    before = source.fingerprint()
    found = {row.name: (row.text, row.error) for row in source.rows()}
    assert "No such file" in found["gone.txt"][1]
    assert found["pipe.txt"] == ("", "it is not a file")
    assert found["b.txt"] == ("two", "")
    (folder / "gone.txt").unlink()
    (folder / "gone.txt").write_text("here again")
    assert source.fingerprint() != before
