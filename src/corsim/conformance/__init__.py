"""Conformance: replay the spec cases in a real browser, or in another implementation of fetch.

    loopback        where the hosts of a case are while it is replayed
    replayable      which cases a page and a server can replay, and why not the others
    certificates    an authority that lives for one run;    trust   how browsers come to trust it
    listening       where the server listens: over http, over TLS, and where nobody may ask
    abilities       what a browser turns out to be able to do
    script          a case as the page in the browser is told it
    server          a raw HTTP server: what the case says, byte for byte
    session         a batch of cases: hands it out, answers it, and keeps what was seen
    comparing       what was seen against what the case expects
    browsers        how each engine is launched
    consoles        what a launched browser prints, and whether the simulator says so too
    judging         batches, second tries, verdicts
    reporting       the verdicts as JSON, and as stamps beside the cases
    protocol        a case as a line to a command, and the command's answer as a line back
    talking         the command itself: started, asked, heard, ended
    commanding      judging a command, as often as it takes to start it
    export          all cases as one JSON document

The page needs no driver: whatever opens its URL is judged. Nothing here is imported by
`corsim` itself.
"""
