"""`corsim fetch`: one fetch of one page, answered by an app or by what a network tab showed."""

from __future__ import annotations

import json
from typing import Any

import attrs
import click

from corsim.browser import Browser
from corsim.cli.answers import Answers, given_answer, header
from corsim.cli.apps import apps_by_origin
from corsim.cli.errors import BLOCKED, COULD_NOT_TELL, READABLE, CouldNotTell
from corsim.cli.json_output import result_as_json
from corsim.cli.network_tab import new_console, print_exchanges, print_verdict
from corsim.engines import ENGINES
from corsim.explaining.frameworks.table import framework_named
from corsim.machine import Fetch
from corsim.page import Page
from corsim.result import Result
from corsim.values.decision import Reason
from corsim.values.errors import AppNotFound, InvalidInput, NotServed
from corsim.values.url import Url, parse_url

# Without `://`, and no host by mistake: relative URLs, and schemes that have none.
_MEANT_AS_IT_STANDS = ("/", "./", "../", "?", "#", "data:", "about:", "blob:")


def _known(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
    """Take the name of a framework that there are words for."""
    try:
        return None if name is None else framework_named(name).name
    except InvalidInput as error:
        raise click.BadParameter(str(error)) from None


@click.command(short_help="Run one fetch, and see what the page could read, and why.")
@click.argument("url")
@click.option("--page", required=True, metavar="ORIGIN", help="The page: its origin or URL, or 'null'.")
@click.option(
    "--page-header",
    "page_headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="A header that the page itself came with, such as Content-Security-Policy.",
)
@click.option("-X", "--method", help="The method; GET, or POST where there is a body.")
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A request header.")
@click.option("-d", "--data", metavar="TEXT", help="The body; as in fetch(), text unless -H says otherwise.")
@click.option("--credentials", default="same-origin", type=click.Choice(["omit", "same-origin", "include"]))
@click.option("--mode", default="cors", type=click.Choice(["cors", "no-cors", "same-origin"]))
@click.option("--redirect", default="follow", type=click.Choice(["follow", "error", "manual"]))
@click.option("--engine", default="spec", type=click.Choice(ENGINES), help="The standard, or a real engine.")
@click.option("--xhr", is_flag=True, help="Use XMLHttpRequest instead of fetch().")
@click.option("--upload-listener", is_flag=True, help="With --xhr: listen to the upload's progress.")
@click.option("--sandbox", is_flag=True, help="Put the page into a sandboxed frame: its origin is null.")
@click.option(
    "--app",
    "apps",
    multiple=True,
    metavar="[ORIGIN=]APP",
    help="Serve the URL's origin, or ORIGIN, with APP: module:app, module:factory() or a live server's URL.",
)
@click.option(
    "--preflight", type=int, metavar="STATUS", help="The answer to OPTIONS; 204 if only headers are given."
)
@click.option(
    "--preflight-header",
    "preflight_headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="A header of that answer; @FILE reads pasted headers, @- standard input.",
)
@click.option(
    "--status",
    type=int,
    metavar="STATUS",
    help="The answer to the request itself; 200 if only headers are given.",
)
@click.option(
    "-R",
    "--response-header",
    "response_headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="A header of that answer; @FILE reads pasted headers, @- standard input.",
)
@click.option(
    "--framework",
    callback=_known,
    metavar="NAME",
    help="Tell the fix in its words: fastapi, django, nginx, ...",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_context
def fetch(
    ctx: click.Context, /, url: str, as_json: bool, framework: str | None, **options: Any
) -> None:  # fmt: skip
    """Fetch URL from a page, and say what its script could read, and why.

    Who answers is yours to say; nobody is contacted whose URL was not given to --app.

    \b
    An app:
      corsim fetch https://api.example.com/me --page https://app.example.com \\
          -X PUT -H 'X-CSRF-Token: 1' --app main:app     or --app http://127.0.0.1:8000
    \b
    Or the headers that the network tab shows:
      corsim fetch https://api.example.com/me --page https://app.example.com -X PUT \\
          --preflight 204 --preflight-header 'Access-Control-Allow-Origin: *' --status 200

    \b
    Exit codes: 0 readable, or opaque as asked for; 1 blocked; 2 wrong usage; 3 could not tell.
    """
    answers = _answers(url, options)
    parsed = _parsed(url, options["page"])
    result = _run(parsed, answers, options)
    if as_json:
        click.echo(json.dumps(result_as_json(result, framework), indent=2))
    else:
        console = new_console()
        print_exchanges(console, result.exchanges)
        print_verdict(console, result, framework)
    ctx.exit(exit_code(result))


def exit_code(result: Result) -> int:
    """Choose the exit code of a result."""
    if result.blocked is None:
        return READABLE
    return COULD_NOT_TELL if result.blocked.reason is Reason.CONNECTION_FAILED else BLOCKED


def _parsed(url: str, page: str) -> Url:
    parsed = parse_url(url, parse_url(page))
    if parsed is None:
        raise click.BadParameter(f"{url!r} is no URL such as https://api.example.com/path", param_hint="URL")
    if url and "://" not in url and not url.startswith(_MEANT_AS_IT_STANDS):
        scheme = "http" if url.startswith(("localhost", "127.")) else "https"
        click.echo(
            f"Warning: {url!r} has no ://, so a browser takes it as {parsed}. Did you mean {scheme}://{url}?",
            err=True,
        )
    return parsed


def _answers(url: str, options: dict[str, Any]) -> Answers | None:
    """Gather the answers given on the command line; refuse to have none, or two of one."""
    preflight = given_answer(options["preflight"], options["preflight_headers"], 204)
    actual = given_answer(options["status"], options["response_headers"], 200)
    if preflight is None and actual is None:
        if not options["apps"]:
            raise click.UsageError(
                f"nobody answers {url!r}: name an app with --app MODULE:APP, or give the answers with "
                "--preflight, --preflight-header, --status and --response-header"
            )
        return None
    return Answers("", preflight, actual)


def _run(url: Url, answers: Answers | None, options: dict[str, Any]) -> Result:
    origin = url.origin.serialized
    apps = apps_by_origin(options["apps"], origin)
    if answers is not None and origin in apps:
        raise click.UsageError(f"{apps[origin]!r} serves {origin}: leave out --app, or the answers by hand")
    with Browser(options["engine"]) as browser:
        try:
            for served, name in apps.items():
                browser.serve(served, name)
            own = [header(line) for line in options["page_headers"]]
            page = browser.open(options["page"], sandbox=options["sandbox"], headers=own)
        except AppNotFound as error:
            raise CouldNotTell(str(error)) from error
        except InvalidInput as error:
            raise click.UsageError(str(error)) from error
        started = _start(page, url, options)
        try:
            return started.run() if answers is None else _play(started, answers, url)
        except NotServed as error:
            asked = started.pending
            where = "" if asked is None else f": add --app {asked.url.origin}=MODULE:APP"
            raise CouldNotTell(f"nobody answers {asked and asked.url}{where}") from error
        except LookupError as error:
            raise CouldNotTell(str(error.args[0])) from error


def _play(started: Fetch, answers: Answers, url: Url) -> Result:
    """Answer by hand what goes to the URL's origin; apps answer the rest."""
    answers = attrs.evolve(answers, url=url.without_fragment().without_credentials().href)
    while not started.done:
        if started.pending is None:
            started.step()
        elif started.pending.url.origin == url.origin:
            asked_first = any(exchange.is_preflight for exchange in started.exchanges)
            started.reply(answers.to(started.exchanges[-1], asked_first))
        else:
            return started.run()
    return started.result


def _start(page: Page, url: Url, options: dict[str, Any]) -> Fetch:
    """Start the fetch, by the door that was chosen."""
    data, headers = options["data"], [header(line) for line in options["headers"]]
    method = options["method"] or ("GET" if data is None else "POST")
    credentials = options["credentials"]
    if not options["xhr"]:
        if options["upload_listener"]:
            raise click.UsageError("--upload-listener goes with --xhr: fetch() has none")
        return page.start(
            url.href, method=method, headers=headers, body=data,
            credentials=credentials, mode=options["mode"], redirect=options["redirect"],
        )  # fmt: skip
    for name, only in (("mode", "cors"), ("redirect", "follow")):
        if options[name] != only:
            raise click.UsageError(f"--{name} {options[name]} does not go with --xhr: it is always {only!r}")
    if credentials == "omit":
        raise click.UsageError("--credentials omit does not go with --xhr: take 'same-origin' or 'include'")
    return page.start_xhr(
        url.href, method=method, headers=headers, body=data,
        with_credentials=credentials == "include", upload_listener=options["upload_listener"],
    )  # fmt: skip
