"""Onhand: a small language model at hand, on the user's own laptop, with no network."""
