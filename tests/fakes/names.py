"""Names that labels and fields may have."""

from __future__ import annotations

from hypothesis import strategies as st

_LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])

NAMES = (
    st.text(_LETTERS, min_size=1, max_size=12)
    .map(lambda name: " ".join(name.split()))
    .filter(bool)
)
