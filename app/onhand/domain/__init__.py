"""Values and rules; the standard library and msgspec only, no input or output."""
