"""LoRA adapters for the starter model: valid files of some kilobytes, written by hand."""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

from fakes.tiny_gguf import ALIGNMENT, FLOAT32, text, value, words

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, RANK = 576, 4
NAME = "blk.{}.attn_output.weight"


def adapter(
    strength: float = 0.0,
    *,
    architecture: str = "llama",
    width: int = WIDTH,
    kind: str = "adapter",
) -> bytes:
    """An adapter of rank 4 on three layers; with strength 0 it changes nothing."""
    chance = random.Random(1)  # noqa: S311 - nothing is secret here
    tensors = {}
    for layer in (0, 10, 20):
        name = NAME.format(layer)
        tensors[f"{name}.lora_a"] = ((width, RANK), 1.0)
        tensors[f"{name}.lora_b"] = ((RANK, width), strength)
    table, weights = [], bytearray()
    for name, (shape, deviation) in tensors.items():
        weights += b"\0" * (-len(weights) % ALIGNMENT)
        place = struct.pack("<I2Q", 2, *shape) + struct.pack("<IQ", 0, len(weights))
        table.append(text(name) + place)
        count = shape[0] * shape[1]
        numbers = [deviation * chance.gauss(0, 0.05) for _ in range(count)]
        weights += struct.pack(f"<{count}f", *numbers)
    described = [
        words("general.type", kind),
        words("general.architecture", architecture),
        words("adapter.type", "lora"),
        value("adapter.lora.alpha", FLOAT32, struct.pack("<f", RANK)),
    ]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(table), len(described))
    head += b"".join(described) + b"".join(table)
    return head + b"\0" * (-len(head) % ALIGNMENT) + bytes(weights)


def write_adapter(path: Path, *damage: int, **more: object) -> Path:
    """An adapter as a file; `damage` is where it is cut off."""
    content = adapter(**more)
    path.write_bytes(content[: damage[0]] if damage else content)
    return path
