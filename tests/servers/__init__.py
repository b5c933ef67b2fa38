"""One module of tests for each of `corsim.servers`."""
