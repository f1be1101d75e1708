"""The commands on tasks, as argparse knows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.options import flag, many, named, one_of, option, words
from onhand.domain.styles import Style
from onhand.domain.tasks import Kind

if TYPE_CHECKING:
    from onhand.cli.options import Commands

TASK_HELP = "a task file, or the name of a task ('onhand tasks list')"


def add_tasks(commands: Commands) -> None:
    """Add them."""
    commands.add("list", "list built-in tasks and your own")
    show = commands.add(
        "show", "show what a task asks for", 'onhand tasks show "Ticket queue"'
    )
    show.add_argument("name", metavar="TASK", type=words, help=TASK_HELP)
    _add_new(commands)
    edit = commands.add("edit", "open a task in your editor, and keep what you make of it")
    edit.add_argument("name", metavar="TASK", type=words, help=TASK_HELP)
    check = commands.add("check", "tell whether a task file can be used, and why not")
    check.add_argument("name", metavar="FILE", type=words)
    take = commands.add(
        "import", "make a task file one of your tasks, and show what it asks"
    )
    take.add_argument("file", metavar="FILE", type=Path)
    export = commands.add("export", "write a task into a file, for a colleague say")
    export.add_argument("name", metavar="TASK", type=words, help=TASK_HELP)
    export.add_argument("file", metavar="FILE", type=Path)
    flag(export, "--with-examples", "with its examples, which are texts")
    remove = commands.add(
        "remove", "delete a task of your own, with its examples and what it was taught"
    )
    remove.add_argument("name", metavar="TASK", type=words, help=TASK_HELP)
    flag(remove, "--yes", "do not ask whether it is meant")


def _add_new(commands: Commands) -> None:
    new = commands.add(
        "new",
        "make a task of your own",
        'onhand tasks new "Ticket queue" --label billing="charges" --label technical',
    )
    new.add_argument("name", metavar="NAME", type=words)
    option(new, "--kind", "|".join(Kind), "where options do not tell", kind=one_of(Kind))
    many(new, "--label", "NAME[=MEANING]", "a label and what belongs in it", named)
    option(new, "--none", "NAME", "the answer for what fits no label")
    flag(new, "--multiple", "any number of labels may fit")
    many(new, "--field", "NAME[=DESCRIPTION]", "a field and what it holds", named)
    option(new, "--style", "|".join(Style), "what to write anew for", kind=one_of(Style))
    option(new, "--instruction", "WORDS", "what to do, in your own words")
