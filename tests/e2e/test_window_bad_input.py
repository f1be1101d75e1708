"""Bad input through the window: a sentence each time, and the text is still there."""

from __future__ import annotations

from contextlib import suppress

import psutil
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication

from fakes import documents
from fakes.hand import Hand
from fakes.real_window import real_window
from fakes.starter import needs_starter
from onhand.domain.errors import ModelMissing
from onhand.domain.settings import Settings
from onhand.host import Paths
from onhand.storage.settings_file import SettingsFile
from onhand.ui.theme import Theme

pytestmark = [pytest.mark.e2e, *needs_starter]

ENOUGH = 60_000
BEFORE = "typed before"


def prepared(folder):
    Paths.of(folder).prepare()
    SettingsFile(Paths.of(folder).settings).save(Settings(welcomed=True))
    return folder


@pytest.fixture(scope="module")
def window(tmp_path_factory, qapp):
    with real_window(prepared(tmp_path_factory.mktemp("data")), Theme(qapp)) as window:
        yield window


@pytest.fixture
def hand(qtbot, window):
    hand = Hand(qtbot, window, ENOUGH)
    window.work.input.set_text(BEFORE)
    window.work._told.hide()
    return hand


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.work.input.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def big_log(path):
    with path.open("wb") as file:
        file.truncate(200_000_000)


BAD = {
    "encrypted": (
        "a.pdf",
        lambda path: path.write_bytes(documents.pdf("secret", locked="x")),
        "password",
    ),
    "pictures": (
        "a.pdf",
        lambda path: path.write_bytes(documents.pdf("", "")),
        "its pages are pictures",
    ),
    "broken": (
        "a.docx",
        lambda path: path.write_bytes(documents.docx("")[:60]),
        "The input cannot be read as text",
    ),
    "200 MB": ("a.log", big_log, "it is larger than 20 MB"),
    "folder": ("a", lambda path: path.mkdir(), "The input cannot be read as text"),
    "folder like a document": (
        "a.pdf",
        lambda path: path.mkdir(),
        "The input cannot be read as text",
    ),
}


@pytest.mark.parametrize(("name", "make", "told"), BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_read_is_told_and_leaves_the_text(
    hand, window, tmp_path, name, make, told
):
    path = tmp_path / name
    make(path)
    drop(window, path)
    hand.wait_for(told)
    assert window.work.input.text() == BEFORE


def test_a_document_of_300_pages_is_read_whole(hand, window, tmp_path, qtbot):
    path = tmp_path / "long.pdf"
    path.write_bytes(documents.pdf(*(f"page {number}" for number in range(1, 301))))
    drop(window, path)
    qtbot.waitUntil(lambda: "page 300" in window.work.input.text(), timeout=ENOUGH)
    assert window.work.input.text().count("page ") == 300
    hand.focus("Text")
    hand.press("Ctrl+Z")
    assert window.work.input.text() == BEFORE


def test_five_megabytes_are_pasted_and_taken_back(hand, window):
    pasted = "A line of a log.\n" * 300_000
    QGuiApplication.clipboard().setText(pasted)
    hand.focus("Text")
    hand.press("Ctrl+A")
    hand.press("Ctrl+V")
    assert window.work.input.text() == pasted
    hand.press("Ctrl+Z")
    assert window.work.input.text() == BEFORE
    QGuiApplication.clipboard().clear()


def test_what_was_typed_is_there_again_after_closing_at_work(tmp_path, qtbot, qapp):
    theme = Theme(qapp)
    text = "We have a meeting on monday and it are important for the team. " * 40
    with real_window(prepared(tmp_path), theme) as window:
        window.work.form._kinds.button(2).setChecked(True)
        window.work.input.set_text(text)
        qtbot.waitUntil(lambda: "tokens" in window.work._meter.text(), timeout=ENOUGH)
        window.work.run()
        assert window.work._cancel is not None
    with real_window(tmp_path, theme) as window:
        qtbot.waitUntil(lambda: window.work.input.text() == text, timeout=ENOUGH)


@pytest.mark.parametrize("state", [b"\0\1garbage", b"{", b"", b"[1, 2"])
def test_damaged_settings_keep_nobody_from_working(tmp_path, qtbot, qapp, state):
    prepared(tmp_path)
    Paths.of(tmp_path).settings.write_bytes(state)
    with real_window(tmp_path, Theme(qapp)) as window:
        hand = Hand(qtbot, window, ENOUGH)
        qtbot.waitUntil(
            lambda: window.notice.isVisible() or bool(hand.dialogs()), timeout=ENOUGH
        )
        for dialog in hand.dialogs():
            dialog.reject()
        hand.focus("Text")
        hand.write("still here")
        assert window.work.input.text() == "still here"


def answers(window):
    return window.work.panel.record is not None


def engines():
    """The engine processes of this window."""
    found = []
    for each in psutil.Process().children():
        with suppress(psutil.Error):
            if "engine" in each.cmdline():
                found.append(each)
    return found


def kill_engines():
    for each in engines():
        with suppress(psutil.Error):
            each.kill()


def test_an_engine_that_dies_three_times_in_a_row_is_told_and_the_text_stays(
    tmp_path, qtbot, qapp
):
    with real_window(prepared(tmp_path), Theme(qapp)) as window:
        hand = Hand(qtbot, window, ENOUGH)
        qtbot.waitUntil(lambda: window.loaded, timeout=ENOUGH)
        window.work.form._kinds.button(0).setChecked(True)
        window.work.form._names.setCurrentIndex(1)
        window.work.input.set_text("I was charged twice")
        killer = QTimer()
        killer.timeout.connect(kill_engines)
        for _ in range(3):
            killer.start(20)
            window.work.run()
            qtbot.waitUntil(lambda: window.work._cancel is None, timeout=ENOUGH)
            killer.stop()
            assert window.work.panel._failure.isVisible()
            assert window.work.panel._failure.text.text()
            assert window.work.input.text() == "I was charged twice"
            assert window.work._run.isEnabled()
        window.work.run()
        qtbot.waitUntil(lambda: answers(window), timeout=ENOUGH)
        assert hand.labels()


def test_without_its_model_the_window_says_so_and_shows_the_way(tmp_path, qtbot, qapp):
    prepared(tmp_path)
    gone = Settings(welcomed=True, model=str(tmp_path / "gone.gguf"))
    SettingsFile(Paths.of(tmp_path).settings).save(gone)
    with real_window(tmp_path, Theme(qapp)) as window:
        hand = Hand(qtbot, window, ENOUGH)
        title = ModelMissing.title
        qtbot.waitUntil(lambda: window.strip._model.text() == title, timeout=ENOUGH)
        window.work.form._kinds.button(0).setChecked(True)
        qtbot.waitUntil(lambda: window.work.form._names.count() > 1, timeout=ENOUGH)
        window.work.form._names.setCurrentIndex(1)
        window.work.input.set_text("I was charged twice")
        window.work.run()
        qtbot.waitUntil(window.work.panel._failure.isVisible, timeout=ENOUGH)
        assert ModelMissing.window_hint in window.work.panel._failure.text.text()
        assert window.work.input.text() == "I was charged twice"
        hand.click(f"Model: {title}")
        assert window.preferences.isVisible()
