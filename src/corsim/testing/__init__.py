"""What a test tool needs, whichever it is: who fetched, which fetch a failure is about, and what to say.

    recorder    the fetches of one test, each with the lines of code that made it
    own_code    which files are the user's, and which statement stands where
    suspects    the results that a failing statement is about
    telling     a failure's first line, and the section below it
    rows        a fetch as data, for a report
    each_engine a unittest method, run in each engine

Loading this room loads nothing of corsim's.
"""

from corsim.testing.each_engine import in_each_engine

__all__ = ["in_each_engine"]
