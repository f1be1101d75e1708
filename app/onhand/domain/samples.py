"""Sample texts for the built-in tasks, written for this program.

They are for a first try, and for comparing models where the user has kept nothing yet.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from onhand.domain.tasks import identity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.tasks import Task

FIRST_TRY = (
    "Hello, I was charged twice for order 4711 on 3 March. Please call me on 01865 555 0147"
    " or write to jo.miller@miller-lamps.example. Kind regards, Jo Miller, Miller Lamps"
    " Ltd, 12 Mill Lane, Oxford"
)
"""For the first task that a user tries: one that the starter model does well."""

_MAILS = (
    (
        "Hello, I was charged twice for order 4711 on 3 March, and the second amount has"
        " not come back yet. Could you look into it? Kind regards, Jo Miller"
    ),
    (
        "The app closes by itself each time that I open the calendar. I have an important"
        " meeting at two and cannot see where it is. Please help at once!"
    ),
    (
        "I would like to change the address of my account to 12 Mill Lane, Oxford. There is"
        " no hurry. You can reach me on 01865 555 0147."
    ),
    "Thank you for the quick delivery, everything arrived well and the lamp looks lovely.",
    "Do you offer a discount for schools? We would need 40 licences from September on.",
)
_NOTES = (
    (
        "The meeting about the new warehouse took place on 14 May. The building permit is"
        " still missing, so the opening moves from June to September. Ms Okafor asks the"
        " town hall again this week; everybody else sends her their costs by Friday. The"
        " rent of"
        " the old warehouse, 3,200 euros a month, has to be paid until then."
    ),
    (
        "Owing to the necessity of carrying out maintenance work, it will not be possible"
        " for tenants to make use of the lift between 8 am and 4 pm on 7 October. Tenants"
        " who depend upon it are requested to inform the caretaker by 3 October."
    ),
)
_RECEIPTS = (
    (
        "GREEN LEAF BOOKS\nInvoice no. 2291\nDate 02/05/2025\nPayment due 16/05/2025\n"
        "3 books 41.70\nVAT 2.92\nTotal 44.62 EUR\nThank you!"
    ),
    "City Diner\n19 Feb 2025 12:48\n2 soup 9.80\n1 tea 2.50\nTax 1.02\nTOTAL 13.32\nCash",
)
_CONTACTS = (
    (
        "Best wishes\nDr Lena Hoffmann\nHoffmann & Sons Ltd\n12 Mill Lane, Oxford OX4 1AA\n"
        "lena@hoffmann.example\n+44 1865 555 0147\nwww.hoffmann.example"
    ),
    (
        "Please call Mr Paulo Reis of Atlantic Freight on 020 7946 0018 or write to"
        " reis@atlantic.example."
    ),
)
_ROUGH = (
    (
        "I has received you're letter yesterday and we discuss about it in the team, but"
        " there was not enough informations to give a answer."
    ),
    "He dont wants to came on 12 June because of he have a other appointment than.",
)

SAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "onhand-contact-details": _CONTACTS,
        "onhand-correct-english": _ROUGH,
        "onhand-invoice-or-receipt": _RECEIPTS,
        "onhand-key-points": _NOTES[:1],
        "onhand-plain-language": _NOTES[1:],
        "onhand-sentiment": _MAILS,
        "onhand-shorter-mail": _MAILS[2:3],
        "onhand-ticket-queue": _MAILS,
        "onhand-urgency": _MAILS,
    }
)
"""Texts by the id of a built-in task."""


def samples_of(task: Task) -> tuple[str, ...]:
    """The texts for a task; none where it did not come with the program."""
    return SAMPLES.get(identity(task), ())
