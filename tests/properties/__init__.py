"""Laws that hold of every fetch, against every server."""
