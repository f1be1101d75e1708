"""A valid llama model of half a megabyte with made-up weights, and damaged copies."""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY, WIDTH, FEED_FORWARD, HEADS, LAYERS, CONTEXT = 320, 64, 128, 4, 2, 512
UNKNOWN, CONTROL, BYTE, NORMAL = 2, 3, 6, 1
ALIGNMENT = 32
UINT32, FLOAT32, STRING, ARRAY, UINT64 = 4, 6, 8, 9, 10


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(data)) + data


def value(key: str, kind: int, content: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + content


def number(key: str, content: int) -> bytes:
    return value(key, UINT32, struct.pack("<I", content))


def words(key: str, content: str) -> bytes:
    return value(key, STRING, text(content))


def listed(key: str, kind: int, parts: list[bytes]) -> bytes:
    return value(key, ARRAY, struct.pack("<IQ", kind, len(parts)) + b"".join(parts))


def tokens() -> list[bytes]:
    known = [b"<unk>", b"<s>", b"</s>", *(b"<0x%02X>" % byte for byte in range(256))]
    return known + [f"\u2581w{n}".encode() for n in range(VOCABULARY - len(known))]


def values(**more: str) -> list[bytes]:
    kinds = [UNKNOWN, CONTROL, CONTROL, *[BYTE] * 256, *[NORMAL] * (VOCABULARY - 259)]
    return [
        words("general.architecture", "llama"),
        words("general.name", more.get("name", "tiny")),
        words("general.license", "mit"),
        number("general.file_type", 0),
        number("llama.context_length", CONTEXT),
        number("llama.embedding_length", WIDTH),
        number("llama.block_count", LAYERS),
        number("llama.feed_forward_length", FEED_FORWARD),
        number("llama.attention.head_count", HEADS),
        number("llama.attention.head_count_kv", HEADS),
        value("llama.attention.layer_norm_rms_epsilon", FLOAT32, struct.pack("<f", 1e-5)),
        number("llama.rope.dimension_count", WIDTH // HEADS),
        number("llama.vocab_size", VOCABULARY),
        words("tokenizer.ggml.model", "llama"),
        listed("tokenizer.ggml.tokens", STRING, [text(each) for each in tokens()]),
        listed("tokenizer.ggml.scores", FLOAT32, [struct.pack("<f", 0.0)] * VOCABULARY),
        listed(
            "tokenizer.ggml.token_type", UINT32 + 1, [struct.pack("<i", k) for k in kinds]
        ),
        number("tokenizer.ggml.bos_token_id", 1),
        number("tokenizer.ggml.eos_token_id", 2),
        number("tokenizer.ggml.unknown_token_id", 0),
    ]


def shapes() -> dict[str, tuple[int, ...]]:
    """The tensors, with the length of a row first."""
    found = {
        "token_embd.weight": (WIDTH, VOCABULARY),
        "output_norm.weight": (WIDTH,),
        "output.weight": (WIDTH, VOCABULARY),
    }
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        found |= {f"{block}.{norm}.weight": (WIDTH,) for norm in ("attn_norm", "ffn_norm")}
        found |= {
            f"{block}.attn_{part}.weight": (WIDTH, WIDTH)
            for part in ("q", "k", "v", "output")
        }
        found |= {
            f"{block}.ffn_gate.weight": (WIDTH, FEED_FORWARD),
            f"{block}.ffn_up.weight": (WIDTH, FEED_FORWARD),
            f"{block}.ffn_down.weight": (FEED_FORWARD, WIDTH),
        }
    return found


def tiny_gguf(seed: int = 0, **more: str) -> bytes:
    """The bytes of the file; another seed makes other weights."""
    chance = random.Random(seed)  # noqa: S311 - the same file each time
    table, weights = [], bytearray()
    for name, shape in shapes().items():
        weights += b"\0" * (-len(weights) % ALIGNMENT)
        table.append(
            text(name)
            + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
            + struct.pack("<IQ", 0, len(weights))
        )
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        numbers = (
            [chance.gauss(0, 0.05) for _ in range(count)]
            if len(shape) > 1
            else [1.0] * count
        )
        weights += struct.pack(f"<{count}f", *numbers)
    described = values(**more)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(table), len(described))
    head += b"".join(described) + b"".join(table)
    return head + b"\0" * (-len(head) % ALIGNMENT) + bytes(weights)


def header_length(data: bytes) -> int:
    """Where the table of tensors ends, about."""
    return data.rindex(b"ffn_down.weight") + 50


LARGE = [0, 2**63, 2**64 - 1, 2**31, 2**32 - 1, 0xFFFF, 2**40]
SMALLER = [0, 1, 2**31, 2**32 - 1, 2**30 + 1, 2**31 - 1, 9, 8]


def damaged(data: bytes, chance: random.Random) -> tuple[str, bytes]:
    """What was done, and the copy: cut, grown, mixed up, or with other bits and numbers."""
    end = header_length(data)
    how = chance.choice(["flip", "long", "int", "cut", "swap", "random", "grown"])
    copy = bytearray(data)
    if how == "flip":
        for _ in range(chance.randint(1, 4)):
            copy[chance.randrange(4, end)] ^= 1 << chance.randrange(8)
    elif how == "long":
        at = chance.randrange(4, end - 8)
        copy[at : at + 8] = struct.pack("<Q", chance.choice(LARGE))
    elif how == "int":
        at = chance.randrange(4, end - 4)
        copy[at : at + 4] = struct.pack("<I", chance.choice(SMALLER))
    elif how == "cut":
        del copy[chance.randrange(len(copy)) :]
    elif how == "swap":
        first, second = (chance.randrange(4, end - 64) for _ in range(2))
        copy[first : first + 48] = data[second : second + 48]
    elif how == "random":
        at = chance.randrange(4, end - 256)
        copy[at : at + chance.randint(1, 256)] = chance.randbytes(chance.randint(1, 256))
    else:
        copy += chance.randbytes(chance.randint(1, 4096))
    return how, bytes(copy)


def write_tiny(path: Path, **more: str) -> Path:
    path.write_bytes(tiny_gguf(**more))
    return path
