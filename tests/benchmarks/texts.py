"""Texts and tasks that benchmarks run, written for this program."""

from __future__ import annotations

from onhand.domain.tasks import Classify, Extract, Field, FieldType, Label

EMOTIONS = Classify(
    instruction="Which emotion does the writer express?",
    labels=tuple(Label(name=name) for name in ("anger", "joy", "optimism", "sadness")),
)
QUEUES = Classify(
    instruction="Which team should handle this message?",
    labels=tuple(
        Label(name=name)
        for name in (
            "billing and refunds",
            "technical problems",
            "delivery status",
            "account and password",
            "praise and thanks",
        )
    ),
)
RECEIPT = Extract(
    instruction="Read the receipt.",
    fields=(
        Field(name="company", description="name of the shop"),
        Field(name="date", description="date of the purchase", type=FieldType.DATE),
        Field(name="address", description="address of the shop", multiline=True),
        Field(name="total", description="amount paid", type=FieldType.AMOUNT),
    ),
)
FEELINGS = (
    "I cannot believe they cancelled the train again, this is outrageous.",
    "Best day ever, we finally got the keys to our new flat!",
    "It will be hard, but I know we can do this together.",
    "I miss her every single day, the house is so quiet now.",
    "Stop calling me at dinner time, I told you three times already.",
    "The kids laughed all afternoon and so did I.",
    "Next year everything will be better, you will see.",
    "Nobody came to the party and I cried on the way home.",
)
MESSAGES = (
    "I was charged twice for my order last week, please send the money back.",
    "The app closes by itself as soon as I open the camera.",
    "My parcel should have been here on Monday, where is it?",
    "I forgot my password and the mail with the link does not arrive.",
    "Your driver was so friendly, thank you very much!",
    "The invoice shows the wrong amount, can you correct it?",
    "The printer shows an error and does nothing any more.",
    "Please change the e-mail address of my account.",
)
SLIPS = tuple(
    f"""{name}
{street}
{town}
TEL: 555 01{number}

RECEIPT NO. 88{number}21
DATE: {day} 18:{number}
CASHIER: 04
--------------------------------
{lines}
--------------------------------
SUBTOTAL          {total - 1.2:.2f}
SERVICE TAX 6%     1.20
TOTAL             {total:.2f}
CASH              {total + 10:.2f}
CHANGE            10.00

GOODS SOLD ARE NOT RETURNABLE
THANK YOU, PLEASE COME AGAIN"""
    for name, street, town, number, day, total, lines in (
        (
            "HARBOUR BOOKS LTD",
            "12 QUAY STREET,",
            "4010 PORTVILLE",
            31,
            "14/03/2024",
            48.70,
            "ATLAS OF TIDES 1 x 32.00\nPENCIL SET 2 x 4.00\nBAG 1 x 0.50",
        ),
        (
            "GREEN LEAF CAFE",
            "7 MARKET SQUARE,",
            "1180 OLDTOWN",
            47,
            "02/11/2023",
            19.35,
            "FLAT WHITE 2 x 3.90\nCHEESE TOAST 1 x 6.25\nORANGE CAKE 1 x 4.10",
        ),
        (
            "NORTH HARDWARE",
            "221 MILL ROAD,",
            "7702 LAKESIDE",
            12,
            "29/07/2024",
            86.15,
            "PAINT WHITE 5L 1 x 54.00\nBRUSH 40MM 2 x 6.50\nTAPE 3 x 5.98",
        ),
    )
)
PARAGRAPHS = tuple(
    " ".join(each.split())
    for each in (
        """
        Thank you for coming to the meeting on Tuesday. We has agreed that the new
        office will open in September, and that every team gets two rooms on the second
        floor. The kitchen is shared with the people from sales. Please tell me until
        Friday how many desks you need, and whether somebody in your team need a desk
        that can be raised. The old furniture will be given to a school in the
        neighbourhood. If you want to keep a chair or a lamp, put a yellow note on it.
        The movers comes on the last weekend of August, so all boxes must be packed and
        labelled before. Computers are moved by our own people; do not pack them
        yourself. I will send a plan of the rooms next week.
        """,
        """
        Last summer my family and I travelled along the coast by train. The journey took
        nine hours, but nobody was bored, because there was so much to see from the
        window. In the first town we stayed at a small hotel whose owner cooked for all
        guests every evening. My sister learned how to make fish soup, and my brother
        find an old map in the library. On the third day it rained without a break, so
        we visited the museum of ships and spended the whole afternoon there. Before we
        went home we bought a picture from a painter at the harbour. It hangs above the
        table now and remind us of the sea.
        """,
    )
)
