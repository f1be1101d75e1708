"""Writing: the most probable token each time, with drafts taken from the input.

A rewrite repeats most of its input. So what the model is about to repeat is proposed
(`drafting.py`), and one pass checks the whole proposal; the check is that of speculative
decoding (Leviathan et al. 2023, arXiv 2211.17192) for greedy choice. Several texts share
their passes: one that ends makes room for the next (iteration-level scheduling, Yu et al.
2022, Orca, OSDI '22), which is read beside what is written (Agrawal et al. 2024,
Sarathi-Serve, arXiv 2403.02310). The result is what plain greedy decoding of each text
gives, but for ties: kernels round by the size of the batch.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from onhand.domain.primitives import Write, WriteEach, WrittenEach
from onhand.domain.progress import ignore_text
from onhand.engine.llama.continuation import Characters, Continuation
from onhand.engine.llama.costs import Costs
from onhand.engine.llama.drafting import Drafter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onhand.domain.primitives import Written
    from onhand.domain.progress import OnText
    from onhand.engine.llama.context import Context
    from onhand.engine.llama.prefixes import Prefixes
    from onhand.engine.llama.prompting import Assembler

AT_ONCE = 3
"""Texts written side by side at most: more are no faster, and the first comes later."""


class Writer:
    """Answers `Write` and `WriteEach` requests.

    Attributes:
        costs: of a pass on this machine; they decide how long drafts are, and learn.
    """

    def __init__(self, context: Context, assembler: Assembler, prefixes: Prefixes) -> None:
        self.costs = Costs()
        self._context = context
        self._model = context.model
        self._assembler = assembler
        self._prefixes = prefixes

    def __call__(self, request: Write, on_text: OnText) -> Written:
        """Write; complete characters go to `on_text` as they come.

        Where the context has no more room, that ends the text as the limit does.

        Raises:
            Cancelled, TextTooLong: as for decoding.
        """
        several = WriteEach(
            prompt=request.prompt,
            texts=(request.text,),
            ask=request.ask,
            reply=request.reply,
            limits=(request.limit,),
            draft=request.draft,
        )
        [(_, written)] = self._written(several, on_text)
        return written

    def each(
        self, request: WriteEach, on_whole: Callable[[int, Written], None]
    ) -> WrittenEach:
        """Write several texts; each goes to `on_whole` with its place when it is whole.

        Raises:
            Cancelled, TextTooLong: as for decoding.
        """
        made: dict[int, Written] = {}
        for index, written in self._written(request, ignore_text):
            made[index] = written
            on_whole(index, written)
        return WrittenEach(texts=tuple(made[index] for index in sorted(made)))

    def _written(
        self, request: WriteEach, on_text: OnText
    ) -> Iterator[tuple[int, Written]]:
        """The texts with their places, in the order in which they become whole."""
        waiting = self._texts(request, on_text)
        if not waiting:
            return
        needs = sum(each.needs for each in list(waiting)[:AT_ONCE])
        prefix, position = self._prefixes.of(request.prompt, needs)
        writing: list[Continuation] = []
        while waiting or writing:
            beginning = self._next(waiting, writing)
            if beginning is not None:
                beginning.begin(self._context.fork(prefix), position)
            self._pass(writing, beginning)
            for text in [each for each in writing if each.ends(self._model)]:
                writing.remove(text)
                self._context.drop(text.sequence)
                yield text.index, text.written()

    def _texts(self, request: WriteEach, on_text: OnText) -> deque[Continuation]:
        behind = self._assembler.suffix(request.ask, request.reply)
        texts = deque[Continuation]()
        for index, text in enumerate(request.texts):
            source = self._model.tokens(text)
            drafter = Drafter(source if request.draft else ())
            limit = request.limits[index]
            texts.append(
                Continuation(index, source, behind, limit, drafter, Characters(on_text))
            )
        return texts

    def _next(
        self, waiting: deque[Continuation], writing: list[Continuation]
    ) -> Continuation | None:
        """The text that begins now, if one does that fits to its end."""
        if not waiting or len(writing) == AT_ONCE:
            return None
        room = self._context.room - sum(each.left for each in writing)
        if not writing:
            waiting[0].fit_into(room)
        elif waiting[0].needs > room:
            return None
        return waiting.popleft()

    def _pass(self, writing: list[Continuation], beginning: Continuation | None) -> None:
        """The next token of each text with some of its draft, and the text that begins."""
        drafts = [each.choose() for each in writing]
        lengths = self.costs.best_lengths(
            [(draft.right, len(draft.tokens)) for draft in drafts]
        )
        steps = [
            text.step(draft.tokens[:length])
            for text, draft, length in zip(writing, drafts, lengths, strict=True)
        ]
        entries = [entry for step in steps for entry in step]
        read = [] if beginning is None else beginning.read()
        begin = time.perf_counter()
        rows = self._context.decode(entries + read)
        if beginning is None:
            self.costs.learn(len(entries), time.perf_counter() - begin)
        start = 0
        for text, step in zip(writing, steps, strict=True):
            text.accept(rows[start : start + len(step)], self._model)
            self._context.cut(text.sequence, text.position)
            start += len(step)
        if beginning is not None:
            beginning.row = rows[start]
            writing.append(beginning)
