"""Spreads a batch over a Dask cluster, by a process of its own."""
