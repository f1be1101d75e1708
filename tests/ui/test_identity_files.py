"""What packages install so that desktops know the program and its files."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from onhand.domain.starts import PACK, TASKS
from onhand.ui.identity import APPLICATION_ID

pytestmark = pytest.mark.ui

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
LINUX = PACKAGING / "linux"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture
def entry():
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(LINUX / f"{APPLICATION_ID}.desktop", encoding="utf-8")
    return parser


def types() -> dict[str, set[str]]:
    """The types of file, with their endings."""
    root = ElementTree.parse(LINUX / f"{APPLICATION_ID}.xml").getroot()  # noqa: S314 - ours
    return {
        each.attrib["type"]: {
            glob.attrib["pattern"].removeprefix("*") for glob in each.iter(f"{MIME}glob")
        }
        for each in root
    }


def test_the_entry_starts_what_there_is_and_opens_our_files(entry):
    main = entry["Desktop Entry"]
    assert main["Exec"] == "onhand window %f"
    assert main["Icon"] == APPLICATION_ID
    assert entry["Desktop Action quick"]["Exec"] == "onhand quick"
    assert set(main["MimeType"].strip(";").split(";")) == set(types())


def test_the_types_are_those_that_the_program_opens():
    endings = set.union(*types().values())
    assert endings == (TASKS - {".toml"}) | {PACK}


def test_the_metadata_name_the_entry_and_the_types():
    root = ElementTree.parse(LINUX / f"{APPLICATION_ID}.metainfo.xml").getroot()  # noqa: S314 - ours
    assert root.findtext("id") == APPLICATION_ID
    assert root.findtext("launchable") == f"{APPLICATION_ID}.desktop"
    assert {each.text for each in root.iter("mediatype")} == set(types())


@pytest.mark.parametrize(
    ("tool", "options", "name"),
    [
        ("desktop-file-validate", (), f"{APPLICATION_ID}.desktop"),
        ("appstreamcli", ("validate", "--no-net"), f"{APPLICATION_ID}.metainfo.xml"),
    ],
)
def test_the_tools_of_the_desktop_find_nothing_wrong(tool, options, name):
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"{tool} is not here")
    done = subprocess.run(
        [program, *options, str(LINUX / name)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_of_the_icon_are_current():
    done = subprocess.run(
        [sys.executable, str(PACKAGING / "icons.py"), "check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["onhand.ico", "onhand.svg"])
def test_the_files_of_the_icon_can_be_read(qapp, name):
    image = QImage(str(PACKAGING / "icons" / name))
    assert not image.isNull()
    found = image.pixelColor(image.width() // 2, image.height() // 8)
    assert abs(found.blue() - 0xB8) < 3  # as far as the container keeps colours
