"""The language of the window: its texts, its numbers and dates, and where lines begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

from onhand.domain.settings import Language

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

ENGLISH = "en"
"""The language in which the texts are written; its file holds plural forms alone."""


def speak(application: QApplication, folder: Path, language: Language) -> list[QTranslator]:
    """Let everything that is made from now on speak a language; returns what translates.

    The system's language is taken as far as there is a file for it in `folder`, in the
    order in which the user wants languages; else English.
    """
    code = chosen(folder, language, QLocale.system().uiLanguages())
    locale = _locale(code)
    QLocale.setDefault(locale)
    application.setLayoutDirection(locale.textDirection())
    own = str(folder / f"onhand_{code}.qm")
    of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    installed = []
    for file in (f"{of_qt}/qtbase_{code}.qm", own):
        translator = QTranslator(application)
        if translator.load(file):
            application.installTranslator(translator)
            installed.append(translator)
    return installed


def chosen(folder: Path, language: Language, wanted: list[str]) -> str:
    """The code of the language to speak, where the system wants these, best first."""
    if language is not Language.SYSTEM:
        return language.value
    for each in wanted:
        code = each.replace("_", "-").partition("-")[0].lower()
        if code == ENGLISH or (folder / f"onhand_{code}.qm").is_file():
            return code
    return ENGLISH


def _locale(code: str) -> QLocale:
    """That of the system where it has this language: a Swiss writes 1'000 in German."""
    system, plain = QLocale.system(), QLocale(code)
    return system if system.language() == plain.language() else plain
