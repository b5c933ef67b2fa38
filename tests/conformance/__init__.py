"""The conformance runs: the runner itself, and real browsers."""
