"""A warning about the place of the data folder: always for who asks, else once."""

from __future__ import annotations

import pytest

from fakes.keeping import FakePlaceNotes
from onhand.services.data_place import DataPlace
from onhand.storage.place_notes import PlaceNotesFile


@pytest.fixture(params=["fake", "file"])
def notes(request, tmp_path):
    if request.param == "fake":
        return FakePlaceNotes()
    return PlaceNotesFile(tmp_path / "place.json")


def test_it_is_told_once_and_to_who_asks(notes):
    place = DataPlace(lambda: "Dropbox", notes)
    assert "Dropbox" in str(place.warning())
    assert "Dropbox" in str(place.warning_once())
    assert place.warning_once() is None
    assert "Dropbox" in str(place.warning())


def test_a_good_place_is_not_looked_at_again(notes):
    looks = []
    place = DataPlace(lambda: looks.append(1) or "", notes)
    assert place.warning_once() is None
    assert place.warning_once() is None
    assert len(looks) == 1


def test_a_folder_that_was_moved_is_another_place(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    PlaceNotesFile(first / "place.json").note("")
    first.rename(second)
    assert PlaceNotesFile(second / "place.json").told() is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff" * 9])
def test_a_note_that_cannot_be_read_is_none(tmp_path, content):
    (tmp_path / "place.json").write_bytes(content)
    assert PlaceNotesFile(tmp_path / "place.json").told() is None


def test_without_a_data_folder_nothing_is_made(tmp_path):
    notes = PlaceNotesFile(tmp_path / "gone" / "place.json")
    notes.note("Dropbox")
    assert not (tmp_path / "gone").exists()
    assert notes.told() is None
