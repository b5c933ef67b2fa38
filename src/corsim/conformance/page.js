// The page of a case: makes the call that its parent asks for, and reports what script can see of it.
"use strict";

(() => {
  const given = JSON.parse(window.name);
  const runner = opener ?? parent;
  const bytesOf = text => Uint8Array.from(text, char => char.charCodeAt(0));
  const textOf = buffer => Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join("");
  const errorText = error => error && error.name ? `${error.name}: ${error.message}` : String(error);

  // Relative URLs and the referrer start from the case's URL. A page without an origin may not change
  // its URL, and in WebKit a tab may do so only a hundred times in ten seconds: where nobody looks at
  // the referrer, and elsewhere if need be, the page gets a base at least.
  function settle({at, address}) {
    if (!at) return;
    try {
      if (!address) throw new Error("a base will do");
      history.replaceState(null, "", at);
    } catch { rebase(at); }
  }

  const base = document.createElement("base");
  function rebase(at) {
    base.href = at;
    document.head.append(base);
  }

  function makeBody(body) {
    if (body === undefined) return undefined;
    const {kind, value} = body;
    if (kind === "string") return value;
    if (kind === "stream")
      return new ReadableStream({start(out) { out.enqueue(bytesOf(value)); out.close(); }});
    if (kind === "bytes") return bytesOf(value);
    if (kind === "blob") return new Blob([bytesOf(value)], {type: body.type});
    if (kind === "params") return new URLSearchParams(value);
    const form = new FormData();
    for (const [name, content] of value) form.append(name, content);
    return form;
  }

  async function callFetch(step) {
    const init = {...step.init};
    const body = makeBody(step.body);
    if (body !== undefined) init.body = body;
    let response;
    try { response = await fetch(step.url, init); } catch (error) {
      return {rejected: true, error: errorText(error)};
    }
    const seen = {
      type: response.type, status: response.status, url: response.url, redirected: response.redirected,
      headers: [...response.headers],
    };
    try { seen.body = textOf(await response.arrayBuffer()); } catch (error) { seen.error = errorText(error); }
    return seen;
  }

  function headersOf(text) {
    return text.split("\r\n").filter(line => line).map(line => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
    });
  }

  function callXhr(step) {
    const xhr = new XMLHttpRequest();
    return new Promise(done => {
      xhr.onload = () => done({
        status: xhr.status, url: xhr.responseURL, headers: headersOf(xhr.getAllResponseHeaders()),
        body: xhr.response ? textOf(xhr.response) : "",
      });
      for (const name of ["error", "abort", "timeout"])
        xhr.addEventListener(name, () => done({rejected: true, error: `${name} event`}));
      try {
        xhr.open(step.init.method ?? "GET", step.url);
        xhr.responseType = "arraybuffer";
        xhr.withCredentials = Boolean(step.with_credentials);
        for (const [name, value] of step.init.headers ?? []) xhr.setRequestHeader(name, value);
        if (step.upload_listener) xhr.upload.addEventListener("progress", () => {});
        xhr.send(makeBody(step.body) ?? null);
      } catch (error) { done({rejected: true, error: errorText(error)}); }
    });
  }

  // A worker of the page makes the calls, if the case says so. It runs this very script.
  async function startWorker(url) {
    if (url === "blob:" || url === "data:") {
      const source = await (await fetch("/__corsim__/worker.js")).text();
      url = url === "data:" ? `data:text/javascript,${encodeURIComponent(source)}`
        : URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    }
    const started = new Worker(url, {name: JSON.stringify({ready: given.ready})});
    started.onmessage = event => runner.postMessage(event.data, "*");
    return started;
  }

  let worker;
  addEventListener("message", async event => {
    if (worker) { worker.postMessage(event.data); return; }
    const {number, step, base: at} = event.data;
    if (at) rebase(at);
    // An error that nobody catches is shown by every console, in one row with what a call makes it print.
    if (step.marks) reportError(step.marks[0]);
    const call = {fetch: callFetch, xhr: callXhr}[step.api] ?? window.elements[step.api];
    const value = await call(step, makeBody(step.body));
    if (step.marks) {
      // Some of it comes when script has long been told.
      await new Promise(done => setTimeout(done, 50));
      reportError(step.marks[1]);
    }
    runner.postMessage({answers: number, value}, "*");
  });
  settle(given);
  if (given.worker) startWorker(given.worker).then(started => { worker = started; });
  else runner.postMessage({answers: given.ready}, "*");
})();
