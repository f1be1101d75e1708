"""The commands on models and their options."""

from __future__ import annotations

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
