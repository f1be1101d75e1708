"""The folder with both programs: what makes two builds the same."""

from __future__ import annotations

from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from building.folder import in_order

MODULES = {
    "locale.pyc": b"1",
    "re/__init__.pyc": b"2",
    "re/_parser.pyc": b"3",
    "os.pyc": b"",
}


@given(st.permutations(sorted(MODULES)))
def test_the_order_in_which_members_were_written_does_not_matter(tmp_path_factory, names):
    archive = tmp_path_factory.mktemp("zip") / "base_library.zip"
    with ZipFile(archive, "w") as file:
        for name in names:
            file.writestr(name, MODULES[name])
    in_order(archive)
    with ZipFile(archive) as file:
        assert {name: file.read(name) for name in file.namelist()} == MODULES
    first, archive = archive.read_bytes(), archive.with_name("other.zip")
    with ZipFile(archive, "w") as file:
        for name in sorted(MODULES):
            file.writestr(name, MODULES[name])
    in_order(archive)
    assert archive.read_bytes() == first
