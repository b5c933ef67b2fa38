"""The lines that each engine prints in its console, as data, and what writes them out.

*.toml      one book of lines per engine: rows tried in order, each with the case that it was seen in
book        a book, loaded when it is first needed
fields      what the books may speak of: `{url}`, `{status}`; and when a row applies: `preflight`
lines       a result's lines, from the book of its engine
"""

from corsim.explaining.console.lines import console_lines

__all__ = ["console_lines"]
