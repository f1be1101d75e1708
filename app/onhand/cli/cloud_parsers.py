"""The commands of `onhand cloud` and `onhand usage`, as argparse knows them."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.options import flag, many, one_of, option, record, words
from onhand.domain.cloud import Api, Price, Shape
from onhand.domain.cloud_errors import ProviderInvalid

if TYPE_CHECKING:
    from onhand.cli.options import Commands

_KEY = "read its key from a file, and keep it no longer than this takes"


def add_cloud(commands: Commands) -> None:
    """Add them."""
    cloud = commands.group("cloud", "ask a cloud model, after you have seen what is sent")
    cloud.add("list", "list the cloud models that you have added, and those that are known")
    add = cloud.add(
        "add",
        "add a cloud model, and keep its key in the keyring",
        "onhand cloud add work --api openai --url https://llm.example.org/v1"
        " --cloud-model big-1 --price 0/0",
    )
    add.add_argument("name", metavar="NAME", type=words)
    option(add, "--api", "|".join(Api), "the form of its requests", kind=one_of(Api))
    option(add, "--url", "URL", "its address, in front of /chat/completions")
    option(add, "--cloud-model", "NAME", "what the provider calls the model")
    text = "US dollars for a million tokens"
    option(add, "--price", "READ/WRITTEN", text, kind=price)
    text = "how its replies get their form: by a schema, as an object, or by words alone"
    option(add, "--shape", "|".join(Shape), text, kind=one_of(Shape))
    option(add, "--limit-name", "NAME", "what limits a reply, usually max_tokens")
    option(add, "--key-header", "NAME", "the header that takes the key")
    flag(add, "--no-count", "do not ask for the number of tokens")
    flag(add, "--no-key", "it wants no key")
    option(add, "--key-file", "FILE", "read the key from a file instead of asking", Path)
    test = cloud.add("test", "ask a cloud model a question without any text of yours")
    test.add_argument("name", metavar="NAME", type=words, nargs="?", default="")
    option(test, "--key-file", "FILE", _KEY, Path)
    remove = cloud.add("remove", "remove a cloud model and its key")
    remove.add_argument("name", metavar="NAME", type=words)
    send = cloud.add(
        "send",
        "show what would be sent to a cloud model, and send it if you say so",
        'onhand cloud send --entry r17, or: onhand cloud send "…" --task "Ticket queue"',
    )
    send.add_argument("text", metavar="TEXT", nargs="?", help="the text")
    option(send, "--entry", "ID", "an answer of the history, to be asked for again", record)
    option(send, "--task", "FILE", "a task file, or the name of a task")
    option(send, "--file", "FILE", "read the text from a file", Path)
    flag(send, "--own-words", "of a mail leave out what is quoted, and the signature")
    option(send, "--cloud-model", "NAME", "which one; the first one otherwise")
    many(send, "--unmask", "NAME", "a mask to take off, for example PERSON_1", words)
    option(send, "--key-file", "FILE", _KEY, Path)
    commands.add("usage", "tell what was done here and what cloud models cost")


def price(argument: str) -> Price:
    """`READ/WRITTEN` as a price."""
    read, _, written = words(argument).partition("/")
    try:
        return Price(read=Decimal(read), written=Decimal(written or read))
    except (InvalidOperation, ProviderInvalid) as error:
        raise argparse.ArgumentTypeError(
            f"expected two numbers like 0.40/1.60, got '{words(argument)}'"
        ) from error
