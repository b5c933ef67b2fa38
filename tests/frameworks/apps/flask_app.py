"""Flask, with flask-cors."""

from flask import Flask, Response
from flask_cors import CORS

app = Flask(__name__)
CORS(
    app,
    origins=["https://app.example.com", "https://admin.example.com"],
    methods=["GET", "HEAD", "POST", "PUT"],
    allow_headers=["X-CSRF-Token", "Content-Type"],
    expose_headers=["X-Total"],
    supports_credentials=True,
    max_age=60,
)


@app.route("/items", methods=["GET", "POST", "PUT"])
def items() -> Response:
    return Response("ok", headers={"X-Total": "3", "X-Hidden": "4"})


@app.get("/broken")
def broken() -> Response:
    raise RuntimeError("broken on purpose")
