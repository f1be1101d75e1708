"""The only code that speaks to llama.cpp; it runs in the engine process."""
