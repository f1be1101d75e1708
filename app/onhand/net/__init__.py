"""Fetches files from the network, in a process of its own: the net helper."""
