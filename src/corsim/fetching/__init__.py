"""The chapter "Fetching" of the Fetch Standard: one file a section, one generator an algorithm.

    main fetch ── scheme fetch ─┐
        └──────── HTTP fetch ◄──┘
                    ├── CORS-preflight cache: is the request covered?
                    ├── CORS-preflight fetch ── HTTP-network-or-cache fetch ── Exchange
                    ├── HTTP-network-or-cache fetch ── Exchange
                    ├── CORS check, TAO check, resource policy check
                    └── HTTP-redirect fetch ── main fetch, again

Each generator yields its turns (`flow`) and runs the others with `yield from`, so
the code recurses where the standard recurses and reads as the standard reads.
"""

# The algorithms run in a circle, and this is where the circle is entered.
import corsim.fetching.main_fetch  # noqa: F401
