"""Console text, read back: which reasons and causes a pasted line can have, and what to do.

folding     what copying changes is taken out of a text
forms       every way in which a template of the books can be written
wordings    all of them, with what they can mean: today's from the books of lines, others from
*.toml        old.toml, other years and languages; elsewhere.toml, what is no CORS
matching    where a text has a wording, and the values in it
found       the values, by what they are;   terms   as sentences name them
claims      lines put together that speak of one failure
meanings    what a reason is, and who is suspect: the tables are sharing, preflights, requests
reading     what a paste says;              telling in plain words
"""

from corsim.explaining.pasted.reading import Reading, read

__all__ = ["Reading", "read"]
