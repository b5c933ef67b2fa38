"""Fuzzing: random cases, in a real browser and in the simulator of that engine, compared.

dimensions   what there is to choose from, and how often
around       the same, of cookies, schemes, frames, referrers and elements
drawing      a seed and a number make a case of calls and answers
surroundings and one of what surrounds them
simulated    the case, with what the simulator does as its expectation
signatures   which disagreements look alike
edits        what can be left out of a case, or made simpler
shrinking    the smallest case that still disagrees, many at once
campaign     all of that, from a seed to a list of findings
writing      a case as the TOML file that it would be
"""
