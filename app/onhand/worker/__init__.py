"""The worker: takes foreign files apart in a limited child process."""
