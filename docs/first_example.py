"""Print the first Python example of a page: `python docs/first_example.py README.md`."""

import re
import sys
from pathlib import Path

match = re.search(r"```python\n(.*?)```", Path(sys.argv[1]).read_text("utf-8"), re.DOTALL)
if match is None:
    sys.exit(f"{sys.argv[1]} has no Python example")
print(match.group(1))
