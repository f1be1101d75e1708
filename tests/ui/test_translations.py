"""Every visible text passes through translation, and German is whole."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

import screens
from fakes.desktop import COMPARED, LARGER
from fakes.policies import linux
from fakes.pseudo import WIDE, Pseudo, speak_backwards
from fakes.stores import STARTER
from fakes.tasks import EVERY_TASK
from fakes.teaching import TAGGED, TEXTS
from onhand.domain.errors import InputUnreadable, all_errors
from onhand.domain.policies import policy_keys
from onhand.domain.settings import Appearance, Language
from onhand.host import Paths
from onhand.language_wiring import language_in_force
from onhand.services.run_task import Estimate
from onhand.ui import said
from onhand.ui.speaking import chosen, speak
from onhand.ui.table_model import Column, TableModel
from onhand.ui.wording import Wording

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "packaging"))
import translations  # noqa: E402 - a program beside the package

FOLDER = REPOSITORY / "resources" / "translations"
WORD = re.compile(r"[A-Za-z]{2,}")
A_DIGEST = re.compile(r"\b(?:[0-9a-f]{10}|[0-9a-f]{12})\b")
A_PATH = re.compile(r"/\S+")
PLACE = re.compile(r"\{\w*\}|%L?n")
USERS = (
    screens.MAIL,
    screens.PLAIN_MAIL,
    screens.summary().text,
    *filter(None, screens.ROWS),
    *(
        f"{task.name} {task.instruction} {getattr(task, 'labels', '')}"
        f" {getattr(task, 'none', '')} {getattr(task, 'fields', '')}"
        for task in (*EVERY_TASK, screens.TEAMS, screens.SLIP)
    ),
    *(item.text for item in COMPARED.items),
    *(text for text, _ in (*TEXTS, *TAGGED)),
    "Rewrite in plain language. Shorten. In short",
    "tickets.csv in.jsonl out.jsonl reviews.csv tags",
)
"""Texts, tasks and labels of the user, in the language of the user."""

NAMES = (
    LARGER.id,
    STARTER.id,
    "Onhand English Deutsch CUDA Metal Vulkan MB GB kB cpu haswell zen Apache hub.example",
    "Starter Smaller Larger Largest Granite smollm qwen smaller-0.5b unknown-2b.gguf",
    *(key.name for key in policy_keys()),
    "Colour str",
)
"""Names of models, techniques and policies, and units; the same in every language."""

OF_THE_FAKES = (
    "zen4: ended by SIGILL in its first batch",
    "sorting and extracting",
    "hub.example answers 503",
    "line is broken",
    "fake: fake-1 (api.example.org) https://api.example.org/v1/chat/completions status t",
    "known llm [PERSON_1]",
    "Read from memory. id",
    "(100 bytes)",
)
"""What fakes say in the place of a catalogue, an engine and a server. `QLocale` words the
size of a model so small, in the language of the system."""


class Reader(screens.Studio):
    """Reads every screen instead of drawing it."""

    def __init__(self, folder: Path, suffix: str) -> None:
        super().__init__(folder, suffix)
        self.plain: dict[str, str] = {}

    def wait(self, milliseconds: int = 120) -> None:
        super().wait(max(10, milliseconds // 2))

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        self.wait()
        top = widget or self.window
        for each in [top, *top.findChildren(QWidget)]:
            for shown in texts_of(each):
                text = A_PATH.sub("", shown.replace("\N{ZERO WIDTH SPACE}", ""))
                text = A_DIGEST.sub("", text)
                for word in WORD.findall(text):
                    self.plain.setdefault(word, f"{name}: {type(each).__name__}: {text}")


def texts_of(widget: QWidget) -> list[str]:
    if isinstance(widget, QFileDialog) or isinstance(widget.window(), QFileDialog):
        return []
    if isinstance(widget, QKeySequenceEdit | QTextEdit | QPlainTextEdit):
        return [widget.accessibleName()]
    if isinstance(widget.parent(), QKeySequenceEdit):  # this part of it is Qt's
        return []
    found = [
        widget.windowTitle(),
        widget.toolTip(),
        widget.accessibleName(),
        widget.accessibleDescription(),
    ]
    if hasattr(widget, "placeholderText"):
        found.append(widget.placeholderText())
    shows = callable(getattr(widget, "text", None))
    if shows and not isinstance(widget, QLineEdit):
        found.append(widget.text())
    if isinstance(widget, QComboBox):
        found += [widget.itemText(number) for number in range(widget.count())]
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        found += cells_of(widget.model())
    return found + [action.text() for action in widget.actions()]


def cells_of(model: QAbstractItemModel) -> list[str]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    return [
        str(model.index(row, column).data(role) or "")
        for row in range(min(50, model.rowCount()))
        for column in range(model.columnCount())
        for role in roles
    ] + [
        str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for column in range(model.columnCount())
    ]


@pytest.fixture
def pseudo(qapp):
    translator = Pseudo(WIDE, translations.known())
    qapp.installTranslator(translator)
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))  # whose times are figures alone
    yield translator
    QLocale.setDefault(before)
    qapp.removeTranslator(translator)


@pytest.mark.ui
def test_no_visible_text_escapes_translation(qapp, pseudo, tmp_path, monkeypatch):
    monkeypatch.setattr(screens, "ONLY", "")
    found: dict[str, str] = {}
    for read in (screens.draw_all, screens.draw_failures):
        studio = Reader(tmp_path, "")
        try:
            read(studio, screens.WIDE, Appearance.SYSTEM)
            found |= studio.plain
        finally:
            studio.end()
    assert strange(found) == {}


def strange(found: dict[str, str]) -> dict[str, str]:
    """What is neither translated nor a user's, a name, or a path."""
    theirs = {
        word for text in (*USERS, *NAMES, *OF_THE_FAKES) for word in WORD.findall(text)
    }
    return {word: where for word, where in found.items() if word not in theirs}


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_a_language_has_no_unfinished_entry_and_keeps_all_places(language):
    assert translations.unfinished(language) == []
    for message in translations.read(language).iter("message"):
        source, told = message.findtext("source"), message.find("translation")
        forms = [form.text for form in told.iter("numerusform")] or [told.text]
        assert len(forms) == (2 if message.get("numerus") == "yes" else 1), source
        for form in forms:
            lost = set(PLACE.findall(source)) ^ set(PLACE.findall(form))
            assert lost <= ({"%Ln"} if len(forms) == 2 and form is forms[0] else set()), (
                source
            )
            assert ("&" in form) <= ("&" in source), source
            assert form.endswith("…") == source.endswith("…"), source


@pytest.mark.skipif(not translations.is_available(), reason="this PySide6 has no lupdate")
def test_looking_for_texts_again_finds_nothing_new():
    assert translations.not_current() == []


def test_every_failure_can_be_told_in_german():
    texts = set(translations.known()["Errors"])
    shown = {text for kind in all_errors() for text in (kind.title, kind().hint_in_window)}
    assert shown - texts == set()


@pytest.fixture
def in_german(qapp):
    before = [QLocale(), qapp.layoutDirection()]
    installed = speak(qapp, FOLDER, Language.GERMAN)
    yield
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(before[0])
    qapp.setLayoutDirection(before[1])


def test_sentences_of_the_rings_below_are_known_again(in_german):
    assert said.said("lost: not") == "verloren: not"
    assert said.said("line 3 is not valid JSON") == "Zeile 3 ist kein gültiges JSON"
    assert said.said("tickets.csv: line 3 cannot be read: strange") == (
        "tickets.csv: Zeile 3 lässt sich nicht lesen: strange"
    )
    assert said.said("refund, praise; the task has billing, technical") == (
        "refund, praise; die Aufgabe hat billing, technical"
    )
    memory = "It needs 1.2 GB of memory, 0.9 GB are free now; little would be left for"
    assert said.said(f"{memory} other programs.") == (
        "Es braucht 1,2 GB Arbeitsspeicher, 0,9 GB sind jetzt frei;"
        " für andere Programme bliebe wenig übrig."
    )
    assert (
        said.said("hub.example does not have it (404)") == "hub.example hat es nicht (404)"
    )
    assert said.said("My own words, with a comma") == "My own words, with a comma"
    assert said.said("") == ""


def test_an_error_is_told_with_its_case_and_a_way_out(in_german):
    error = InputUnreadable("it is larger than 20 MB")
    assert said.what(error) == (
        "Die Eingabe lässt sich nicht als Text lesen: es ist größer als 20 MB"
    )
    assert said.way_out(error).startswith("Speichern Sie sie als reinen Text")


def test_numbers_plurals_and_dates_are_those_of_the_language(in_german, qapp):
    words = Wording()
    assert words.span(timedelta(days=1, hours=23)) == "47 Stunden"
    assert words.span(timedelta(hours=1)) == "60 Minuten"
    assert words.estimate(Estimate(tokens=12345, parts=2, seconds=None)) == (
        "12.345 Token · in 2 Teilen gelesen"
    )
    assert words.seconds(1.5) == "1,5 s"
    assert words.moment(datetime(2026, 3, 2, 14, 5).astimezone()) == "02.03.26 14:05"


def test_the_language_is_the_one_set_or_the_first_that_is_there():
    wanted = ["fr-CH", "de-CH", "en-GB"]
    assert chosen(FOLDER, Language.SYSTEM, wanted) == "de"
    assert chosen(FOLDER, Language.SYSTEM, ["fr", "en-GB", "de"]) == "en"
    assert chosen(FOLDER, Language.SYSTEM, ["C"]) == "en"
    assert chosen(FOLDER, Language.GERMAN, ["fr"]) == "de"


def test_the_setting_is_found_under_the_policies_before_the_window(tmp_path):
    paths = Paths.of(tmp_path)
    none = linux(tmp_path / "none", {})
    assert language_in_force(paths, none) is Language.SYSTEM
    paths.settings.write_text('{"language": "de"}')
    assert language_in_force(paths, none) is Language.GERMAN
    fixed = linux(tmp_path / "fixed", {"Language": "en"})
    assert language_in_force(paths, fixed) is Language.ENGLISH
    paths.settings.write_text('{"language": "xx"}')
    assert language_in_force(paths, none) is Language.SYSTEM


@pytest.mark.ui
def test_the_layout_runs_the_other_way_where_the_language_does(qapp, tmp_path):
    translator = speak_backwards(qapp, translations.known())
    try:
        studio = screens.Studio(tmp_path, "")
        studio.show()
        rail, strip = studio.window.rail, studio.window.strip
        assert rail.geometry().right() > studio.window.width() - 10
        assert strip._model.x() > strip._offline.x()
        model = TableModel((Column(title="Day", text=str),))
        model.reset(["3 March 2026"])
        assert model.index(0, 0).data() == "\u20683 March 2026\u2069"
        studio.end()
    finally:
        qapp.removeTranslator(translator)
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        QLocale.setDefault(QLocale("en"))
