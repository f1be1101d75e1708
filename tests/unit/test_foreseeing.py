"""Requests that small models fail at, told by their words before any model is asked."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.foreseeing import (
    MANY_LABELS,
    MANY_PARTS,
    REASONS,
    Doubt,
    doubts,
)
from onhand.domain.tasks import Classify, Extract, Field, Label, Rewrite, Summarise

BUILT_IN = Path(__file__).resolve().parents[2] / "resources" / "tasks"
HARD = {
    Doubt.ARITHMETIC: [
        "Calculate the total of the invoice without tax.",
        "Add up the amounts of all items.",
        "Count the complaints in this text.",
        "How many people are mentioned?",
        "How much did the company earn in both years together?",
        "Convert dollars to euros.",
        "Convert amounts into the other currency.",
        "Sum up the amounts.",
        "What is the average age of the guests?",
        "Berechne die Summe aller Beträge.",
        "Wie viele Personen werden genannt?",
        "Zähle die Beschwerden.",
    ],
    Doubt.STEPS: [
        "Think step by step about who is to blame.",
        "First list all claims, and then say which contradict each other.",
        "Work out who must have known of it.",
        "Figure out the cause of the failure.",
        "Infer why the customer left.",
        "Solve the riddle.",
        "Denke Schritt für Schritt nach.",
        "Zuerst ordne die Ereignisse, dann nenne den Schuldigen.",
        "Finde heraus, wer gelogen hat.",
    ],
    Doubt.KNOWLEDGE: [
        "Look up the address of the company.",
        "Fact-check the claims of this article.",
        "Is this true?",
        "Who was the president when this was written?",
        "Add sources to every claim.",
        "Rewrite this with the latest prices.",
        "What would it cost at the current rate of exchange? Say so.",
        "Schlag nach, wer die Firma besitzt.",
        "Stimmt das, was hier steht?",
        "Ergänze die aktuellen Preise.",
    ],
}
EASY = [
    "Which section of a newspaper does this news item belong to?",
    "Does this sentence from an email ask for something?",
    "Would most readers find this comment toxic?",
    "Which team should handle this IT ticket?",
    "What kind of answer does this question ask for?",
    "Which emotion does the writer of this message show most?",
    "Rewrite in plain language for a reader without training in the subject.",
    "Correct grammar, spelling and wording; keep the meaning, all numbers and the total.",
    "Say in one sentence what this paper does.",
    "Summarise the text in three short sentences: what matters, and what has to be done.",
    "Translate into French.",
    "Rewrite this mail in about half as many words, friendly and clear.",
    "Is this comment under a video spam?",
    "Fasse den Text in zwei Sätzen zusammen.",
    "Schreibe die Mail freundlicher und kürzer.",
    "Welche Abteilung ist zuständig?",
    "Finde Namen und Anschriften.",
    "Sum up this mail in two sentences.",
    "Summarise only the latest message of this thread.",
    "Convert the notes into full sentences.",
    "Convert this to plain language.",
    "Rewrite for an average reader.",
    "Schreibe für durchschnittliche Leser.",
    "Lies den Zählerstand und die Nummer des Zählers.",
    "Ist es ein Rechner oder ein Drucker?",
    "Welche zählen zu den Beschwerden?",
]


@pytest.mark.parametrize(
    ("doubt", "instruction"), [(doubt, each) for doubt in HARD for each in HARD[doubt]]
)
def test_what_small_models_fail_at_is_told_by_its_words(doubt, instruction):
    assert doubt in doubts(Rewrite(instruction=instruction))


@pytest.mark.parametrize("instruction", EASY)
def test_what_they_are_good_at_raises_no_doubt(instruction):
    assert doubts(Summarise(instruction=instruction)) == ()


@pytest.mark.parametrize(
    "path", sorted(BUILT_IN.glob("*.toml")), ids=lambda path: path.stem
)
def test_no_task_that_comes_with_the_program_raises_a_doubt(path):
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    assert doubts(Rewrite(instruction=told["instruction"])) == ()


def test_numbers_that_stand_in_the_text_are_only_copied():
    guests = Field(name="guests", description="how many guests there will be")
    total = Field(name="total", description="total amount paid")
    task = Extract(instruction="Find the details.", fields=(guests, total))
    assert doubts(task) == ()
    mean = Field(name="mean", description="the average of all amounts")
    asked = Extract(instruction="Find the details.", fields=(guests, mean))
    assert doubts(asked) == (Doubt.ARITHMETIC,)


def test_who_somebody_is_may_stand_in_the_text():
    sender = Field(name="sender", description="who is the sender, wer ist der Absender")
    assert doubts(Extract(instruction="Find it.", fields=(sender,))) == ()
    who = "Calculate it, and say who was the president."
    assert doubts(Rewrite(instruction=who)) == (Doubt.ARITHMETIC, Doubt.KNOWLEDGE)


def test_very_many_labels_and_very_long_texts_are_told():
    labels = tuple(Label(name=f"l{number}") for number in range(MANY_LABELS))
    task = Classify(instruction="Which?", labels=labels)
    assert doubts(task) == (Doubt.LABELS,)
    assert doubts(Classify(instruction="Which?", labels=labels[:-1])) == ()
    short = Summarise(instruction="Shorten.")
    assert doubts(short, parts=MANY_PARTS) == (Doubt.LENGTH,)
    assert doubts(short, parts=MANY_PARTS - 1) == ()


@given(st.text(max_size=400), st.integers(1, 9))
def test_any_instruction_can_be_looked_at(instruction, parts):
    assert {*doubts(Summarise(instruction=instruction), parts=parts)} <= {*REASONS}
    assert {*REASONS} == {*Doubt}
