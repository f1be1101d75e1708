"""A fact in a text of three contexts: found at its beginning, in its middle, at its end?

    python tests/benchmarks/long_texts.py MODEL … [--context 1024] [--least 27]

Ten facts of different kinds are planted in three texts, each once at the beginning, in the
middle and at the end, among sentences that hold other names and numbers. Prints what was
found instead where one was missed, and first how many are found in a text that is hardly
longer than they are. Fails when a model finds fewer than `--least` of the thirty, or did
not read all of a text.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.bootstrap import open_services
from onhand.domain.answers import Extraction
from onhand.domain.progress import CancelToken
from onhand.domain.styles import EXTRACT
from onhand.domain.tasks import Extract, Field, FieldType
from onhand.host import Paths

if TYPE_CHECKING:
    from onhand.services.bundle import Services

TIMES = 3
"""Contexts that a text fills."""

PLACES = ("beginning", "middle", "end")


@dataclass(frozen=True)
class Fact:
    """A field, its value, and the sentence that says it."""

    field: Field
    value: str
    sentence: str


def fact(name: str, about: str, kind: FieldType, value: str, sentence: str) -> Fact:
    """A fact from a sentence with a gap."""
    field = Field(name=name, description=about, type=kind)
    return Fact(field, value, sentence.format(value))


FACTS = (
    fact(
        *("order_number", "number of the order", FieldType.TEXT, "KX-20481"),
        "The goods were sent under the order number {}.",
    ),
    fact(
        *("appointment", "day of the appointment", FieldType.DATE, "14 March 2025"),
        "Your appointment with the dentist is on {}.",
    ),
    fact(
        *("total", "amount of the invoice", FieldType.AMOUNT, "1,284.50"),
        "The total of the invoice is {}, due at once.",
    ),
    fact(
        *("email", "e-mail address for questions", FieldType.EMAIL, "desk@harbour.example"),
        "For questions, the e-mail address is {} on working days.",
    ),
    fact(
        *("manager", "name of the manager", FieldType.TEXT, "Ingrid Halvorsen"),
        "The manager of the branch is {}.",
    ),
    fact(
        *("phone", "phone number of the office", FieldType.PHONE, "+44 20 5550 0143"),
        "The phone number of the office is {} until noon.",
    ),
    fact(
        *("website", "address of the web page", FieldType.URL, "https://tides.example/map"),
        "A map can be found at {} for those who come by car.",
    ),
    fact(
        *("password", "password of the guest network", FieldType.TEXT, "bluegoose77"),
        "The password of the guest network is {}.",
    ),
    fact(
        *("city", "city to which the company moves", FieldType.TEXT, "Tromsø"),
        "Next year the whole company will move to {}.",
    ),
    fact(
        *("employees", "number of employees", FieldType.NUMBER, "347"),
        "The company has {} employees at present.",
    ),
)

FILLER = (
    "The meeting began a little late because the train from the coast had been delayed.",
    "Nobody could say who had left the windows open during the storm.",
    "In the afternoon the rain stopped and the children went out into the garden.",
    "The kitchen is to be painted again as soon as the weather is dry enough.",
    "Most of the visitors came on foot, and some of them brought their dogs.",
    "It was agreed that the old chairs would be given to the school next door.",
    "The library has bought a new lamp for the reading room.",
    "After lunch we talked about the garden and what should be planted there.",
    "The bridge over the river is closed for heavy lorries until further notice.",
    "Several people asked whether the canteen could open earlier in winter.",
    "The apples from the orchard were smaller than last year but tasted better.",
    "A letter of thanks was read aloud and everybody clapped.",
    "The new carpet in the hall is grey, which some find dull and others elegant.",
    "On the way back they stopped at a small inn and drank hot chocolate.",
    "The heating in the basement makes a strange noise when it is switched on.",
    "It remains to be seen whether the roof will last another winter.",
    "The choir practised a song that none of them had sung before.",
    "Bicycles should be left behind the building and not in front of the door.",
    "The cat from the neighbours sleeps on our doorstep whenever the sun shines.",
    "There was some discussion about the colour of the curtains.",
    "The baker has changed his recipe, and the rolls are lighter now.",
    "Whoever borrows the ladder is asked to bring it back on the same day.",
    "The museum showed old photographs of the harbour and of the fishing boats.",
    "Our guests praised the soup and wanted to know how it was made.",
    "Because of the fog the ferry did not leave until the early afternoon.",
    "The plants on the balcony have to be watered twice a day in summer.",
    "A new shelf was put up so that the maps no longer lie on the floor.",
    "The play was long, but the actors were applauded for several minutes.",
    "In spring the river rises and the path along the bank cannot be used.",
    "The clock in the tower has been repaired and strikes the hours again.",
)
"""Sentences without names, numbers, dates or addresses."""

DISTRACTORS = (
    "The old bridge was opened by the mayor in 1987.",
    "The soup was cooked by Marta Lindqvist, who lives next door.",
    "The tower has 212 steps and no lift.",
    "The choir from Bergen will be here in summer.",
)


def text_of(turn: int, tokens: int, services: Services) -> str:
    """A text of so many tokens that holds all facts; at other places at each turn."""
    chance = random.Random(turn)  # noqa: S311 - the same each time
    reader = services.run_task._answering.reader
    facts = [each.sentence for each in FACTS]
    others = [*DISTRACTORS]
    while reader.count(" ".join([*facts, *others]), CancelToken()) < tokens:
        others += chance.sample(FILLER, 3)
    chance.shuffle(others)
    half = len(others) // 2
    places: list[list[str]] = [[] for _ in PLACES]
    for number, sentence in enumerate(facts):
        places[place_of(turn, number)].append(sentence)
    first, second, third = places
    return " ".join([*first, *others[:half], *second, *others[half:], *third])


def place_of(turn: int, number: int) -> int:
    """Where a fact stands at a turn: an index of `PLACES`."""
    return (turn + number) % len(PLACES)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def found_in(text: str, services: Services) -> tuple[dict[str, list[str]], float]:
    """What was found for each field, and how much of the text was read."""
    task = Extract(instruction=EXTRACT, fields=tuple(each.field for each in FACTS))
    ran = services.run_task(task, text, cancel=CancelToken(), private=True)
    outcome = ran.record.outcome
    assert outcome is not None
    assert isinstance(outcome.answer, Extraction)
    fields = outcome.answer.fields.items()
    return {name: [each.text for each in values] for name, values in fields}, outcome.read


def measure(model: str, context: int) -> tuple[int, bool]:
    """How many facts a model finds, and whether it read all of every text."""
    hits, whole = 0, True
    begin = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_services(Paths.of(Path(folder)), model=model) as services,
    ):
        services.settings.save(replace(services.settings.load(), context=context))
        services.models.loaded()
        found, _ = found_in(text_of(0, 0, services), services)
        alone = sum(found[each.field.name] == [each.value] for each in FACTS)
        say(f"{Path(model).stem}: {alone} of {len(FACTS)} in a short text")
        for turn in range(len(PLACES)):
            found, read = found_in(text_of(turn, TIMES * context, services), services)
            whole = whole and read == 1.0
            for number, each in enumerate(FACTS):
                values = found[each.field.name]
                hits += values == [each.value]
                if values != [each.value]:
                    place = PLACES[place_of(turn, number)]
                    say(f"  {each.field.name}, {place}: {values or 'nothing'}")
    spent = time.perf_counter() - begin
    read_all = "all of it was read" if whole else "not all of it was read"
    say(f"  {hits} of {len(FACTS) * len(PLACES)} in long ones; {read_all}; {spent:.0f} s")
    return hits, whole


def main() -> int:
    """Measure every model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--context", type=int, default=1024)
    parser.add_argument("--least", type=int, default=27)
    arguments = parser.parse_args()
    say(f"texts of {TIMES} times {arguments.context} tokens")
    results = [measure(model, arguments.context) for model in arguments.models]
    return int(any(hits < arguments.least or not whole for hits, whole in results))


if __name__ == "__main__":
    sys.exit(main())
