"""The formats that the worker takes apart, each by itself."""
