"""Instructions that ask for mistakes to be corrected, and what is no correction."""

from __future__ import annotations

import re

from onhand.domain.length_check import letters_in

_CORRECTS = re.compile(
    r"(?:^|\b(?:please|and|to|you)\s|[.,:;!])\s*correct\b"
    r"|\b(?:proofread|spell(?:ing|check)|misspell|typos?\b|grammar|punctuation"
    r"|(?:fix|mend|remove) (?:all |any |the |my )*(?:mistakes?|errors?)"
    r"|korrigier|berichtig|rechtschreib|grammati|tippfehler|zeichensetzung"
    r"|corrig|orthograph|fautes?\b|ponctuation"
    r"|corrij|ortogr|gramatic|gramátic|puntuaci"
    r"|corregg|correz|refus[oi]\b|punteggiatura)",
    re.IGNORECASE,
)
_MORE = re.compile(
    # What concerns the text as a whole: another form, length, language or addressee.
    r"\b(?:letters?\b|e-?mails?\b|reply|answer|list|table|bullet|paragraphs?\b|title|heading"
    r"|short|brief|concis|condens|summar|expand|longer|restructur|reorder|merge|translat"
    r"|formal|friendl|polite|professional|casual|plain|simpl"
    r"|briefe?s?\b|schreiben\b|antwort|liste|tabelle|absätze?|überschrift|kürz|kurz|länger"
    r"|zusammenfass|übersetz|förmlich|höflich|freundlich"
    r"|lettre|courriel|réponse|liste|tableau|paragraphe|titre|raccourc|résum|tradui|poli\b"
    r"|carta\b|correo|respuesta|lista|tabla|párrafo|título|acort|resum|traduc|cortés"
    r"|lettera|risposta|elenco|tabella|paragraf|titolo|accorci|riassu|traduc|cortese)",
    re.IGNORECASE,
)

_FIGURES = re.compile(r"\d+")

FAR = 2.0
"""By so many times the letters of a passage may become more or fewer, with `FEW`."""

FEW = 10
"""Letters that count as nothing: "u" may become "you are"."""


def is_correction(instruction: str) -> bool:
    """Whether an instruction asks for corrections and for nothing else of the whole.

    Such a text can be written sentence by sentence. Read in English, German, French,
    Spanish and Italian; others count as something else.
    """
    return bool(_CORRECTS.search(instruction)) and not _MORE.search(instruction)


def may_correct(before: str, after: str) -> bool:
    """Whether a passage may be another one, corrected.

    It is about as long, and has the same figures in the same order: none is a mistake that
    a model could know of.
    """
    if _FIGURES.findall(before) != _FIGURES.findall(after):
        return False
    had, has = map(letters_in, (before, after))
    return had / FAR - FEW <= has <= had * FAR + FEW
