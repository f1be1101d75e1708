"""The commands on models and their options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.options import count, flag, option, words

if TYPE_CHECKING:
    from onhand.cli.options import Commands


def add_models(commands: Commands) -> None:
    """Add what stands behind `onhand models`."""
    listing = commands.add(
        "list", "list the models on this machine, and whether they fit its memory now"
    )
    flag(listing, "--all", "the models of the catalogue that are not here as well")
    info = commands.add(
        "info",
        "tell everything that is known about a model",
        "onhand models info qwen3-0.6b",
    )
    info.add_argument(
        "wanted", metavar="ID", type=words, help="an id, its start, or a file"
    )
    take = commands.add(
        "import",
        "copy models into your model folder, with no network; compared with the catalogue",
        "onhand models import /media/stick/qwen3-0.6b.gguf",
    )
    take.add_argument(
        "file", metavar="FILE", type=Path, help="a GGUF file, a folder with some, or a pack"
    )
    option(take, "--sha256", "HEX", "the SHA-256 that the file must have")
    option(take, "--trust", "FINGERPRINT", "take the packs of this signer from now on")
    flag(
        take, "--unverified", "take a model that is not in the catalogue, at your own risk"
    )
    _add_pack(commands)
    _add_shelf(commands)
    use = commands.add(
        "use", "answer with this model from now on", "onhand models use qwen"
    )
    use.add_argument(
        "wanted", metavar="ID", type=words, nargs="?", default="",
        help="an id, its start, or a file",
    )  # fmt: skip
    flag(use, "--undo", "answer with the model that answered before")

    tune = commands.add(
        "tune",
        "find the layout of a model's weights that is fastest here; the file stays",
        "onhand models tune",
    )
    tune.add_argument(
        "wanted", metavar="ID", type=words, nargs="?", default="",
        help="a model; none: the one in use",
    )  # fmt: skip
    flag(tune, "--undo", "answer with the model as it came again")
    _add_compare(commands)

    attempt = commands.add(
        "try",
        "load a model, read and write with it, and tell how long a page takes here",
        "onhand models try qwen",
    )
    attempt.add_argument(
        "wanted", metavar="ID", type=words, nargs="?", default="",
        help="a model; none: the one in use",
    )  # fmt: skip


def _add_compare(commands: Commands) -> None:
    compare = commands.add(
        "compare",
        "answer your pinned and corrected texts with two models and tell what changes;"
        " nothing of it is kept",
        "onhand models compare smollm2 qwen2.5-coder-0.5b",
    )
    for name, meant in (("first", "an id, its start, or a file"), ("second", "another")):
        compare.add_argument(name, metavar=name.upper(), type=words, help=meant)
    option(compare, "--task", "TASK", "only texts of this task: a name, or a file")
    option(compare, "--limit", "N", "texts at most, corrected ones first", count)
    flag(compare, "--samples", "texts that come with the program, not yours")


def _add_pack(commands: Commands) -> None:
    pack = commands.add(
        "pack",
        "put models and their licences into one signed file, for machines without network",
        "onhand models pack office.onhandpack qwen3-0.6b --task tickets.toml",
    )
    pack.add_argument("file", metavar="OUT", type=Path, help="the pack, *.onhandpack")
    pack.add_argument(
        "wanted_all", metavar="ID", type=words, nargs="*", help="models on this machine"
    )
    pack.add_argument(
        "--task", metavar="FILE", dest="task_files", action="append", type=Path,
        default=argparse.SUPPRESS, help="a task file that goes with them; may be repeated",
    )  # fmt: skip
    option(pack, "--policy", "FILE", "a policy file that goes with them", kind=Path)
    option(pack, "--key", "FILE", "sign with the key in this PEM file", kind=Path)
    option(
        pack, "--new-key", "FILE", "make a key in this file, and sign with it", kind=Path
    )


def _add_shelf(commands: Commands) -> None:
    """Getting models, and keeping them right."""
    metered = "although the connection is metered"
    download = commands.add(
        "download",
        "fetch a model of the catalogue; run it again to go on after a stop",
        "onhand models download qwen3-0.6b",
    )
    download.add_argument(
        "wanted", metavar="ID", type=words, nargs="?", default="",
        help="an id, or its start; none: go on with all that was begun",
    )  # fmt: skip
    flag(download, "--discard", "give up what was begun, and remove it")
    flag(download, "--metered", metered)

    verify = commands.add(
        "verify",
        "read a model whole, and compare it with what is known about it",
        "onhand models verify --repair",
    )
    verify.add_argument(
        "wanted", metavar="ID", type=words, nargs="?", default="",
        help="a model; none: all that are here",
    )  # fmt: skip
    flag(verify, "--repair", "fetch what is damaged again, and no more")
    flag(verify, "--metered", metered)

    remove = commands.add(
        "remove", "remove a model from your own folder", "onhand models remove qwen3-0.6b"
    )
    remove.add_argument("wanted", metavar="ID", type=words, help="an id, or its start")
