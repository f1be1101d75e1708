"""Answers as a trie of tokens: where they part, something is to be decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onhand.engine.llama.model import Model


@dataclass
class Node:
    """A point where options part: `ends` are those that are complete here."""

    path: tuple[int, ...] = ()
    children: dict[int, Node] = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)

    def options(self) -> Iterator[int]:
        """All options at or below this node."""
        yield from self.ends
        for child in self.children.values():
            yield from child.options()

    def shortened(self) -> Node:
        """The same node with its own first token taken off every path."""
        return Node(
            path=self.path[1:],
            children={token: child.shortened() for token, child in self.children.items()},
            ends=self.ends,
        )

    @property
    def splits(self) -> bool:
        """Whether there is anything to choose at this node."""
        return len(self.children) + bool(self.ends) > 1


def trie_of(model: Model, options: Sequence[str]) -> Node:
    """The options as a trie of tokens."""
    root = Node()
    for index, option in enumerate(options):
        node = root
        for token in model.tokens(option):
            node = node.children.setdefault(token, Node(path=(*node.path, token)))
        node.ends.append(index)
    return root
