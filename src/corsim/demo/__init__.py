"""A page and an API, with two real mistakes in it: what `corsim demo` shows.

app     the API: FastAPI with Starlette's CORSMiddleware; importing it needs FastAPI
story   what the page's script fetches
"""
