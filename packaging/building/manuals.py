"""The manual page and the completions of shells, from the program's own parser."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import shtab

from onhand.cli.arguments import whole_parser

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "sorts, extracts, rewrites and shortens text on your own laptop"


def manual(version: str, epoch: int) -> str:
    """The manual page of `onhand` in troff; `epoch` is its date."""
    parser = whole_parser()
    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    lines = [
        f'.TH ONHAND 1 "{day}" "onhand {_plain(version)}" "User Commands"',
        ".SH NAME",
        f"onhand \\- {TITLE}",
        ".SH SYNOPSIS",
        f".B {_plain(_usage(parser))}",
        ".SH DESCRIPTION",
        _plain(parser.description or ""),
        ".SH OPTIONS",
        *_options(parser),
        ".SH COMMANDS",
        *_commands(parser),
        ".SH FILES",
        ".TP\n.I ~/.local/share/onhand\nhistory, tasks, models and settings of a user",
        f".TP\n.I /usr/share/onhand/models\n{_plain('models for all users')}",
        ".TP\n.I /etc/onhand/policies\nwhat an administrator has fixed or recommended",
        ".TP\n.I /usr/share/doc/onhand/IT-GUIDE.md\nfor administrators",
    ]
    return "".join(f"{line}\n" for line in lines)


def bash_completion() -> str:
    """What bash needs to complete command lines."""
    return str(shtab.complete(whole_parser(), "bash"))


def zsh_completion() -> str:
    """What zsh needs to complete command lines."""
    return str(shtab.complete(whole_parser(), "zsh"))


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    for name, summary, command in _children(parser):
        inner = list(_children(command))
        if inner:
            yield from _commands(command)
            continue
        yield f'.SS "{_plain(command.prog)}"'
        yield _plain(summary or name)
        yield f".PP\n.B {_plain(_usage(command))}"
        yield from _options(command)


def _children(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """The commands below a parser: name, summary, parser."""
    for action in parser._actions:  # noqa: SLF001 - argparse tells it in no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - see above
            told = {each.dest: each.help or "" for each in action._choices_actions}  # noqa: SLF001
            for name, command in action.choices.items():
                yield name, told.get(name, ""), command


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    formatter = argparse.HelpFormatter(parser.prog)
    for action in parser._actions:  # noqa: SLF001 - see above
        if action.help in {None, argparse.SUPPRESS} or action.dest == "help":
            continue
        name = formatter._format_action_invocation(action)  # noqa: SLF001 - see above
        text = formatter._expand_help(action)  # noqa: SLF001 - see above
        yield f".TP\n.B {_plain(name)}\n{_plain(text)}"


def _usage(parser: argparse.ArgumentParser) -> str:
    usage = re.sub(r"\s+", " ", parser.format_usage())
    return usage.removeprefix("usage: ").strip()


def _plain(text: str) -> str:
    """Text as troff takes it literally, on one line."""
    text = re.sub(r"\s+", " ", text).replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)
