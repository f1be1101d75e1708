"""Whether a model fits this machine, now: what it needs, what there is, and why not.

Memory is counted from above: what is called fitting must run. The weights of a model are
mapped from its file, so several engines with the same file share them; what each takes for
itself is the context and its working memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PAGE_WORDS = 500
"""A page, for which times are told."""

PAGE_TOKENS = 667
"""Tokens of a page: four for three words, as English text has them."""

ANSWER_TOKENS = 40
"""Tokens of the answer that the time of a page includes: some 30 words."""

WORKING = 200_000_000
"""Bytes that an engine takes besides weights and context: the process, and its buffers."""

LARGEST_KV_SHARE = 3400
"""A token of context takes at most the file's size by this; no known model takes more.

The largest is that of Qwen3-0.6B: 114,688 bytes with a file of 397 MB.
"""

MARGIN = 0.1
"""Share of the need that is to stay free besides, with `SPARE`, where a model fits well."""

SPARE = 300_000_000

ADDRESSES = 1_000_000_000
"""Bytes of addresses that an engine takes besides twice its weights and its context.

Twice, because rearranged weights stand beside the mapped file while that is read; the rest
are libraries, and the stacks and arenas of threads, of which little is ever touched.
"""

DISK_SPARE = 512_000_000
"""Bytes that stay free on the disk behind a download."""

UNSHARED = frozenset({"granitehybrid", "lfm2", "lfm2moe", "mamba", "mamba2", "qwen35"})
"""Architectures that cannot go on from one text in several ways, as every answer needs."""

PLAIN_BUILDS = frozenset({"x64", "sse42"})
"""Builds of the kernels for processors without AVX; they read at a tenth of the speed."""


class Verdict(StrEnum):
    """Whether a model fits, in a word."""

    FITS = "fits"
    TIGHT = "tight"
    TOO_LARGE = "too large"
    CANNOT_RUN = "cannot run"


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a model needs here.

    Attributes:
        weights: bytes of its file.
        context: bytes of its context (the KV cache), for as many tokens as are set.
        working: bytes besides.
        disk: bytes that it takes on the disk still; 0 where it is here.
    """

    weights: int
    context: int
    working: int = WORKING
    disk: int = 0

    @property
    def memory(self) -> int:
        """Bytes of memory, in all."""
        return self.weights + self.context + self.working

    @property
    def addresses(self) -> int:
        """Bytes of addresses, which a limit on a process may count instead."""
        return 2 * self.weights + self.context + ADDRESSES


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What memory a new process could take, in bytes.

    Attributes:
        free: without anything being moved to the disk.
        swap: besides, on the disk.
        most: if everything else ended: the machine's memory, or a limit below it.
        limit: what sets `most`, in words; "" for the machine itself.
        addresses: limit on the addresses of a process; None for no limit.
    """

    free: int
    swap: int
    most: int
    limit: str = ""
    addresses: int | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """What there is for a model on this machine now.

    Attributes:
        memory: what a new engine could take.
        shared: bytes of the model's weights that another engine holds as well.
        mapped: bytes of weights of other models that other engines hold. They count as
            free, because they can be read again, and would be, all the time.
        disk: bytes free where models lie.
        build: the build of the kernels that runs here; "" where that is not known.
        obstacles: why nothing runs here at all, in words.
    """

    memory: Memory
    shared: int = 0
    mapped: int = 0
    disk: int = 0
    build: str = ""
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Whether a model fits this machine now.

    Attributes:
        verdict: in a word.
        needs: bytes of memory that it needs.
        free: bytes of memory that it could have.
        disk: bytes of the disk that it takes still; 0 where it is here.
        reasons: why it does not fit, or what else there is to say; sentences.
        page_seconds: measured here, for a page of `PAGE_WORDS` words with a short answer;
            None before it was.
    """

    verdict: Verdict
    needs: int
    free: int
    disk: int = 0
    reasons: tuple[str, ...] = ()
    page_seconds: float | None = None

    @property
    def may_be_loaded(self) -> bool:
        """Whether it is sensible to load it now."""
        return self.verdict in {Verdict.FITS, Verdict.TIGHT}


def kv_bytes(known: int | None, weights: int) -> int:
    """Bytes that a token of context takes; from above where that is not known."""
    return -(-weights // LARGEST_KV_SHARE) if known is None else known


def fit_of(need: Need, place: Place, page_seconds: float | None = None) -> Fit:
    """Whether a model fits; it fits well only if nothing speaks against it."""
    free = max(0, place.memory.free - place.mapped)
    worst, reasons = Verdict.FITS, []
    for verdict, reason in (
        *((Verdict.CANNOT_RUN, each) for each in place.obstacles),
        *_of_memory(need, place.memory, free),
        *_of_addresses(need, place.memory),
        *_of_disk(need, place.disk),
        *_remarks(need, place),
    ):
        worst = max(worst, verdict, key=list(Verdict).index)
        reasons.append(reason)
    return Fit(
        verdict=worst,
        needs=need.memory,
        free=free,
        disk=need.disk,
        reasons=tuple(reasons),
        page_seconds=page_seconds,
    )


def page_seconds(read: float, write: float) -> float:
    """Seconds for a page with a short answer, from tokens a second."""
    return PAGE_TOKENS / read + ANSWER_TOKENS / write


def in_words(amount: int) -> str:
    """A number of bytes as people say it."""
    megabytes = amount / 1e6
    return f"{megabytes / 1e3:.1f} GB" if megabytes >= 1e3 else f"{megabytes:.0f} MB"


Remark = tuple[Verdict, str]


def _of_memory(need: Need, memory: Memory, free: int) -> list[Remark]:
    needs, where = in_words(need.memory), memory.limit or "this machine"
    if need.memory > memory.most:
        return [
            (
                Verdict.CANNOT_RUN,
                f"It needs {needs} of memory, {where} has {in_words(memory.most)}.",
            )
        ]
    told = f"It needs {needs} of memory, {in_words(free)} are free now"
    if need.memory > free + memory.swap:
        return [(Verdict.TOO_LARGE, f"{told}.")]
    if need.memory > free:
        return [(Verdict.TIGHT, f"{told}; the rest would be on the disk, which is slow.")]
    if need.memory * (1 + MARGIN) + SPARE > free:
        return [(Verdict.TIGHT, f"{told}; little would be left for other programs.")]
    return []


def _of_addresses(need: Need, memory: Memory) -> list[Remark]:
    limit = memory.addresses
    if limit is None or need.addresses <= limit:
        return []
    told = f"It needs up to {in_words(need.addresses)} of addresses"
    return [
        (
            Verdict.CANNOT_RUN,
            f"{told}, the limit on the memory of a process is {in_words(limit)}.",
        )
    ]


def _of_disk(need: Need, free: int) -> list[Remark]:
    if not need.disk or need.disk + DISK_SPARE <= free:
        return []
    return [
        (
            Verdict.TOO_LARGE,
            f"It takes {in_words(need.disk)} on the disk, {in_words(free)} are free.",
        )
    ]


def _remarks(need: Need, place: Place) -> list[Remark]:
    found = []
    if place.shared:
        found.append(
            "Another window or command holds it as well: the weights are shared, context"
            f" and working memory ({in_words(need.memory - need.weights)}) count twice."
        )
    if place.mapped:
        found.append(
            "Another window or command holds another model, which keeps"
            f" {in_words(place.mapped)} in use."
        )
    if place.build in PLAIN_BUILDS:
        found.append("This processor has no AVX: it will be slow.")
    return [(Verdict.FITS, each) for each in found]
