"""One app a framework, all alike.

/items      GET, HEAD, POST and PUT answer `ok`, with X-Total: 3 and X-Hidden: 4
/broken     GET raises
"""
