"""The child process that holds the model, and the two ends of its pipe."""
