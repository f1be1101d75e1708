"""Scoring: how probable each of some given answers is, without writing any of them.

All options of a question form a trie of tokens. The probability of an option is the
product, along its path, of the probability of each step among the steps that the trie
allows; what constrained decoding would choose from, but for every option at once. Only
nodes where options part cost a pass, and only those that hold enough of the probability.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.errors import TextTooLong
from onhand.domain.primitives import Score, Scored
from onhand.engine.llama.batching import Entry
from onhand.engine.llama.trie import Node, trie_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.engine.llama.context import Context, Floats
    from onhand.engine.llama.prefixes import Prefixes
    from onhand.engine.llama.prompting import Assembler

PRUNED = 0.005
"""A node with less of the probability is not looked into; its options share it equally."""


SPARE = 64
"""Tokens kept free behind a question, to look at its options."""


@dataclass(frozen=True)
class _Asked:
    """A question as tokens: what stands between text and answer, and the answers.

    What all answers begin with belongs to the suffix, so that it costs no pass of its own.
    """

    suffix: list[int]
    trie: Node

    @classmethod
    def of(cls, suffix: list[int], trie: Node) -> _Asked:
        """A question with all that is certain of its answers moved into the suffix."""
        while not trie.ends and len(trie.children) == 1:
            [trie] = trie.children.values()
        return cls([*suffix, *trie.path], trie.shortened(len(trie.path)))


@dataclass(frozen=True)
class _Open:
    """A node whose children wait for their probabilities.

    Attributes:
        cell: number of the text, and of the question.
        sequence: holds everything in front of the answer, which begins at `position`.
        mass: the probability of getting here.
    """

    cell: tuple[int, int]
    sequence: int
    position: int
    node: Node
    mass: float


class Scorer:
    """Answers `Score` requests."""

    def __init__(self, context: Context, assembler: Assembler, prefixes: Prefixes) -> None:
        self._context = context
        self._model = context.model
        self._assembler = assembler
        self._prefixes = prefixes

    def __call__(self, request: Score) -> Scored:
        """Probabilities of all options for all texts.

        Raises:
            Cancelled, TextTooLong: as for decoding.
        """
        texts = [self._model.tokens(text) for text in request.texts]
        asked = [
            _Asked.of(
                self._assembler.suffix(question.ask, question.reply),
                trie_of(self._model, question.options),
            )
            for question in request.questions
        ]
        rows: list[tuple[tuple[float, ...], ...]] = []
        states: list[tuple[float, ...]] = []
        for group in self._groups(request, texts, asked):
            some, their_states = self._group(request, group, asked)
            rows += some
            states += their_states
        return Scored(
            logprobs=tuple(rows), tokens=tuple(map(len, texts)), states=tuple(states)
        )

    def _groups(
        self, request: Score, texts: list[list[int]], asked: list[_Asked]
    ) -> Iterator[list[list[int]]]:
        """Texts in order, as many at once as the context has room for."""
        longest = max((len(each.suffix) for each in asked), default=0)
        everything = sum(len(text) + 2 * longest + SPARE for text in texts)
        self._prefixes.of(request.prompt, everything)
        room = self._context.room
        # What is left of the sequences is for looking further into the trie.
        free = self._context.free_sequences
        most = max(1, free * 2 // 3) if len(asked) == 1 else 1
        group: list[list[int]] = []
        size = 0
        for text in texts:
            need = len(text) + 2 * longest + SPARE
            if len(text) + longest + SPARE > room:
                raise TextTooLong(
                    f"{len(text)} tokens, {max(0, room - longest - SPARE)} fit"
                )
            if group and (size + need > room or len(group) == most):
                yield group
                group, size = [], 0
            group.append(text)
            size += need
        if group:
            yield group

    def _group(
        self, request: Score, texts: list[list[int]], asked: list[_Asked]
    ) -> tuple[list[tuple[tuple[float, ...], ...]], list[tuple[float, ...]]]:
        prefix, used = self._prefixes.of(request.prompt, 0)
        sequences = [self._context.fork(prefix) for _ in texts]
        read = [text + asked[0].suffix for text in texts] if len(asked) == 1 else texts
        states: list[tuple[float, ...]] = []
        if request.states and len(asked) == 1:
            own = [len(text) for text in texts]
            logits, states = self._read_with_states(sequences, read, own, used)
        else:
            logits = self._read(sequences, read, used, output=len(asked) == 1)
        results = [[[-math.inf] * len(q.options) for q in request.questions] for _ in texts]
        if len(asked) == 1:
            opened = [
                _Open((row, 0), sequence, used + len(read[row]), asked[0].trie, 1.0)
                for row, sequence in enumerate(sequences)
            ]
            self._descend(opened, logits, results)
        else:
            for row, sequence in enumerate(sequences):
                self._ask(row, sequence, used + len(texts[row]), asked, results)
        for sequence in sequences:
            self._context.drop(sequence)
        return [tuple(tuple(scores) for scores in row) for row in results], states

    def _ask(
        self,
        row: int,
        sequence: int,
        position: int,
        asked: list[_Asked],
        results: list[list[list[float]]],
    ) -> None:
        """Put several questions behind one text, as many at once as there is room for."""
        most = max(1, self._context.free_sequences // 2)
        sizes = [len(each.suffix) for each in asked]
        for portion in self._context.portions(sizes, most=most, spare=SPARE):
            chosen = asked[portion]
            forks = [self._context.fork(sequence) for _ in chosen]
            suffixes = [each.suffix for each in chosen]
            logits = self._read(forks, suffixes, position, output=True)
            opened = [
                _Open((row, number), fork, position + len(each.suffix), each.trie, 1.0)
                for number, (each, fork) in enumerate(
                    zip(chosen, forks, strict=True), portion.start
                )
            ]
            self._descend(opened, logits, results)
            for fork in forks:
                self._context.drop(fork)

    def _read(
        self, sequences: list[int], texts: list[list[int]], position: int, *, output: bool
    ) -> Floats:
        entries = [
            Entry(
                token,
                position + offset,
                sequence,
                output=output and offset == len(text) - 1,
            )
            for sequence, text in zip(sequences, texts, strict=True)
            for offset, token in enumerate(text)
        ]
        return self._context.decode(entries)

    def _read_with_states(
        self, sequences: list[int], texts: list[list[int]], own: list[int], position: int
    ) -> tuple[Floats, list[tuple[float, ...]]]:
        """Logits and hidden states behind some texts; `own`: tokens without the ask."""
        with self._context.tap.opened() as seen:
            logits = self._read(sequences, texts, position, output=True)
        states = seen.states([len(text) for text in texts], own)
        if states is None:
            states = self._last_states(sequences, texts, position)
        # Three decimals are more than enough, and short in the answer.
        return logits, [tuple(each.astype(np.float64).round(3).tolist()) for each in states]

    def _last_states(
        self, sequences: list[int], texts: list[list[int]], position: int
    ) -> list[Floats]:
        """The states behind texts that were read, by llama.cpp's own way to them.

        It computes all outputs of all tokens of a batch, so the last ones are read again.
        """
        entries = []
        for text, sequence in zip(texts, sequences, strict=True):
            place = position + len(text) - 1
            self._context.cut(sequence, place)
            entries.append(Entry(text[-1], place, sequence, output=True))
        return [*self._context.decode_states(entries)]

    def _descend(
        self, opened: list[_Open], logits: Floats, results: list[list[list[float]]]
    ) -> None:
        """Share out the probability of open nodes, level by level, until none is left."""
        while opened:
            waiting: list[_Open] = []
            for each, row in zip(opened, logits, strict=True):
                waiting += self._share(each, row, results[each.cell[0]][each.cell[1]])
            opened, logits = waiting, self._look(waiting)

    def _share(self, each: _Open, logits: Floats, scores: list[float]) -> list[_Open]:
        """Give each child of a node its part; returns those that have to be looked into."""
        node, waiting = each.node, []
        tokens = list(node.children)
        asked = [*tokens, self._assembler.end_of_turn] if node.ends else tokens
        shares = np.exp(logits[asked] - logits[asked].max()).astype(np.float64)
        shares *= each.mass / shares.sum()
        if node.ends:
            _spread(scores, node.ends, float(shares[-1]))
        for token, share in zip(tokens, shares.tolist(), strict=False):
            child = node.children[token]
            while not child.splits and child.children:
                child = next(iter(child.children.values()))
            if child.splits and share >= PRUNED:
                waiting.append(_Open(each.cell, each.sequence, each.position, child, share))
            else:
                _spread(scores, list(child.options()), share)
        return waiting

    def _look(self, waiting: list[_Open]) -> Floats:
        """The logits at some nodes, a sequence each."""
        rows: list[Floats] = []
        sizes = [len(each.node.path) for each in waiting]
        most = max(1, self._context.free_sequences)
        for portion in self._context.portions(sizes, most=most):
            chunk = waiting[portion]
            forks = [self._context.fork(each.sequence) for each in chunk]
            entries = [
                Entry(
                    token,
                    each.position + offset,
                    fork,
                    output=offset == len(each.node.path) - 1,
                )
                for each, fork in zip(chunk, forks, strict=True)
                for offset, token in enumerate(each.node.path)
            ]
            rows.append(self._context.decode(entries))
            for fork in forks:
                self._context.drop(fork)
        return np.concatenate(rows) if rows else np.empty((0, self._model.size), np.float32)


def _spread(scores: list[float], options: list[int], mass: float) -> None:
    """Share a probability equally among options."""
    for option in options:
        scores[option] = math.log(max(mass / len(options), 1e-30))
