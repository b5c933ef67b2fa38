"""A result in plain words: what happened, which rule it was, what to change.

triggers         why a header that could go unasked does not
facts            what a result holds, named as the words need it
exposure         the response headers that script can't see
notes            what is worth knowing, however it ended
origins          how a value differs from the origin that it should have been
network          the network tab, in lines
reasons/         for each reason what happened, which rule it was, where to look
fixing/          what would mend it: edits as data, tried in every engine
frameworks/      the same in a framework's own words
causes           what somebody did, behind the rule that refused; diagnosis finds it
explanation      what `explain()` returns; words puts it together
console/         what each engine prints
pasted/          what people paste of it, read back
"""

from corsim.explaining.causes import Cause
from corsim.explaining.explanation import Explanation, Fix
from corsim.explaining.reasons import REASONS
from corsim.explaining.words import explain_result

__all__ = ["REASONS", "Cause", "Explanation", "Fix", "explain_result"]
