"""What would mend a result: found, tried in every engine, and only then told.

edits          a change, as data
configured     what the app itself was told, where it can be read
remedies       for each reason, the edits that take it away
proving        edits tried: the same fetch made again, in every engine
ways           the fixes of a result, the best first
instructions   what to type
"""
