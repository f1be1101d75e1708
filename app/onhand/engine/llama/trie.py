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
        # Not by recursion: a node has as many below it as an option has tokens.
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield from node.ends
            waiting += node.children.values()

    def shortened(self, tokens: int) -> Node:
        """The same node with so many of its own first tokens taken off every path."""
        copy = Node(self.path[tokens:], ends=self.ends)
        waiting = [(self, copy)]
        while waiting:
            old, new = waiting.pop()
            for token, child in old.children.items():
                below = Node(child.path[tokens:], ends=child.ends)
                new.children[token] = below
                waiting.append((child, below))
        return copy

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
