"""Key combinations from the whole desktop, one module for each system."""
