"""Languages that nobody speaks, which show what does not pass through translation."""

from __future__ import annotations

import re
import string

from PySide6.QtCore import QLocale, Qt, QTranslator

PLACES = re.compile(r"\{\w*\}|%L?n|\(\*\.[^)]*\)")
WIDE = str.maketrans(
    string.ascii_letters,
    "".join(chr(ord(each) + 0xFEE0) for each in string.ascii_letters),
)
HEBREW = "אבגדהוזחטיכלמנסעפצקרשתךםןף"
RIGHT = str.maketrans(string.ascii_letters, HEBREW * 2)


class Pseudo(QTranslator):
    """Writes every letter of a translated text in another way; places stay.

    `known` holds, by context, all texts that have translations: what is asked for besides
    is left as it is, as in a real language.
    """

    def __init__(self, letters: dict[int, str], known: dict[str, list[str]]) -> None:
        super().__init__()
        self._letters = letters
        self._known = {context: set(texts) for context, texts in known.items()}

    def translate(self, context, source, disambiguation=None, n=-1):
        if source not in self._known.get(context, ()):
            return None
        kept = PLACES.findall(source)
        plain = [part.translate(self._letters) for part in PLACES.split(source)]
        return plain[0] + "".join(map("".join, zip(kept, plain[1:], strict=True)))

    def isEmpty(self):  # noqa: N802 - Qt asks
        return False


def speak_backwards(application, known) -> Pseudo:
    """Let all that is made from now on run from right to left."""
    translator = Pseudo(RIGHT, known)
    application.installTranslator(translator)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QLocale.setDefault(QLocale("he"))
    return translator
