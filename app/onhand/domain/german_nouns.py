"""Which words of a German text are nouns, though all of them have a capital as names do.

What can be seen from a word and the one in front of it: a noun is mostly led by an
article or an adjective, and has endings of its own; a name stands behind a title or another
name, or bare behind a preposition.
"""

from __future__ import annotations

import re


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(text.split())


_COMMON_WORDS = words_of(
    "der die das den dem des und nicht ist ein eine einen einem mit für auf wir "
    "ich sind haben wird wurde zum zur"
)
_NOUN = re.compile(
    r"(?:ung|heit|keit|schaft|tion|sion|tät|nis|tum|ment|ling|anz|enz|ismus|chen|lein|age"
    r"|eur|ik|ium|ur|in(?:nen)?|enden?|zeit|geld|stück|daten|nummer|preis|kosten|betrag"
    r"|termin|plan|fall|stelle|werk|wert|satz|weise|teil|grund|mittel|schutz|dienst)"
    r"(?:e|en|se|sen|s|es)?$"
)
_BARE = words_of(
    "abend abschluss absprache anfang anfrage anfragen angabe angaben angebot "
    "angebote anlage anliegen anruf antwort antworten arbeit arbeiten art "
    "aufgaben auftrag aufträge ausdruck ausfall ausweis bedarf bedauern beginn "
    "bescheid besuch besucher betrieb bezug bild bilder brief briefe büro "
    "computer dank details drittel druck ende ergebnis ergebnisse erlaubnis "
    "ersatz ersatzteile euro fahrt farbe fehler ferien firma fotos frage fragen "
    "freude frist gebühr gebühren geräte gespräch gespräche glück grad großteil "
    "gäste hand haus hause hilfe hinweis hinweise höhe interesse jahr jahre "
    "kaffee kapitel kauf klarheit kollegen kolleginnen kontakt kopie kosten kraft "
    "kunden kundinnen kurs kürze laptop leute licht liste lust mail mails "
    "material meter miete mieter mitarbeiter mitglieder mittag mitte monat monate "
    "morgen müll nachmittag nachricht nachrichten netz not notebook oktober "
    "ordnung ort papier partner patronen personal personen pflicht platz post "
    "preise probleme projekt prozent rabatt raum rechnung rechnungen recht ruhe "
    "rückmeldung rückruf schaden schritte schuld schulung schäden seite seiten "
    "sicherheit sicht sitz sonne start stelle steuern stock strom stunde stunden "
    "stühle tag tage teile teilnehmer telefon ticket tickets tisch uhr umsatz "
    "unterlagen unterschrift urlaub ursache verfügung vergleich verkauf "
    "verspätung vertrag verträge verzug vorfeld vorkasse vormittag wasser weise "
    "wert woche wochen wunsch zahlen zeit zeiten zimmer zugang zukunft "
    "zusammenhang zustimmung änderungen"
)
"""Nouns that often stand without an article."""

_MEASURES = words_of(
    "anfang mitte ende uhr euro dollar franken prozent stück tasse glas flasche "
    "liter kilo paar art form meter seiten tonnen"
)
"""What is measured stands behind these without an article."""

_LEADING = words_of(
    "an aus bei bis durch für gegen gegenüber in laut mit nach neben seit sowie "
    "über und oder unter von vor wegen zwischen dass ob weil wenn als wie sie "
    "aber auch nur ist hat braucht sagt benötigt"
)
"""In front of a name, and seldom of a noun that has no article."""

_PLACE = re.compile(
    r"\w{3,}(?:straße|strasse|platz|allee|gasse|weg|burg|berg|dorf|hausen)$"
)
_MIXED = re.compile(r".*[A-ZÄÖÜ].*[A-ZÄÖÜ]|.*[a-zäöü][A-ZÄÖÜ]")
_CURRENCIES = words_of("EUR USD CHF GBP")
_COMPANIES = words_of("GmbH AG KG SE OHG KGaA Ltd Inc")


def is_german(words: set[str], language: str) -> bool:
    """Whether a text is German, told by its small words where its language is not known."""
    if language:
        return language == "de"
    return len({word.casefold() for word in words} & _COMMON_WORDS) > 1


def has_form_of_name(word: str, following: str) -> bool:
    """Whether a word is a name by itself, or because the name of a company goes on."""
    if following in _COMPANIES or _PLACE.match(word.casefold()):
        return True
    return bool(_MIXED.match(word)) and "-" not in word and word not in _CURRENCIES


def is_noun_behind(previous: str, word: str, *, opens: bool) -> bool:
    """Whether a word is a noun, for all that the word in front of it tells.

    `opens` says that the one in front begins a sentence, so that its capital says nothing.
    """
    plain, leading = word.casefold(), previous.casefold()
    if plain in _BARE:
        return True
    if previous[0].isupper() and not opens:
        return leading in _MEASURES
    return leading not in _LEADING or bool(_NOUN.search(plain))
