"""What this computer has: memory, processes, power."""
