"""Fixes in a framework's own words: which one it is, and what to write there.

    table           the TOML files beside this one: by what each is recognised, and templates
    recognising     which framework serves, by the app's type or by what its answers say
    wanted          what a fix needs of a server, as a policy
    snippets        a fix as one writes it in a framework

In a template, {{name}} stands for a value; a line with a value that is not needed is left out.
"""

from corsim.explaining.frameworks.snippets import Snippet, snippet_of
from corsim.explaining.frameworks.table import framework_named, frameworks

__all__ = ["Snippet", "framework_named", "frameworks", "snippet_of"]
