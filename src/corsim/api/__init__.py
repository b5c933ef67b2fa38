"""The chapter "Fetch API", and XMLHttpRequest: what a page's script may ask for.

Each door turns what script says into a `Request`, or into the `Decision` by which
script's call is rejected before anything is sent.
"""
