// The line protocol of `corsim conformance --command`: a case a line in, an answer a line out.
// An implementation says how a page is opened and what a call gives; the rest is the same for all.
import dns from "node:dns";
import http from "node:http";
import readline from "node:readline";

// The hosts of the cases are names below localhost, all of them this machine.
const lookup = dns.lookup;
dns.lookup = (name, ...rest) => lookup(/(^|\.)localhost$/.test(name) ? "127.0.0.1" : name, ...rest);

/** What an implementation can't do, so that it is not judged by it. */
export class Unsupported extends Error {}

/** Answer every case: `open(page, world)` gives a window, `call(window, step)` a result. */
export async function answerCases({newWorld = () => ({}), open, call, close = () => {}}) {
  async function run(given) {
    const world = newWorld();
    try {
      const windows = [];
      const results = [];
      for (const step of given.steps) {
        windows[step.page] ??= await open(given.pages[step.page], world);
        await new Promise(done => setTimeout(done, step.after * 1000));
        if (step.before) await post(step.before);
        results.push(await call(windows[step.page], step));
      }
      return {id: given.id, results};
    } catch (error) {
      if (error instanceof Unsupported) return {id: given.id, unsupported: error.message};
      throw error;
    } finally {
      await close(world);
    }
  }
  // As many at once as corsim has open, which is for its --width to say.
  const lines = readline.createInterface({input: process.stdin});
  lines.on("line", async line => process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`));
}

function post(url) {
  return new Promise((done, failed) => {
    http.request(url, {method: "POST"}, response => response.resume().on("end", done)).on("error", failed).end();
  });
}

/** Where a page is; one whose origin is opaque although it has an address is more than Node offers. */
export function addressOf(page) {
  if (page.sandbox && page.at) throw new Unsupported("a page in a sandbox");
  return page.at || (page.src.startsWith("data:") ? "data:text/html," : "about:blank");
}

const bytesOf = text => Uint8Array.from(text, char => char.charCodeAt(0));
const textOf = buffer => Buffer.from(buffer).toString("latin1");
const errorText = error => error?.name ? `${error.name}: ${error.message}` : String(error);

function makeBody(window, body) {
  if (body === undefined) return undefined;
  const {kind, value} = body;
  if (kind === "string") return value;
  if (kind === "bytes") return bytesOf(value);
  if (kind === "blob") return new window.Blob([bytesOf(value)], {type: body.type});
  if (kind === "params") return new window.URLSearchParams(value);
  const form = new window.FormData();
  for (const [name, content] of value) form.append(name, content);
  return form;
}

/** Make the call of a step with the window's fetch(). */
export async function callFetch(window, step) {
  const init = {...step.init};
  const body = makeBody(window, step.body);
  if (body !== undefined) init.body = body;
  let response;
  try { response = await window.fetch(step.url, init); } catch (error) {
    return {rejected: true, error: errorText(error)};
  }
  const seen = {
    type: response.type, status: response.status, url: response.url, redirected: response.redirected,
    headers: [...response.headers],
  };
  try { seen.body = textOf(await response.arrayBuffer()); } catch (error) { seen.error = errorText(error); }
  return seen;
}

/** Make the call of a step with the window's XMLHttpRequest, which shows neither type nor redirects. */
export function callXhr(window, step) {
  const xhr = new window.XMLHttpRequest();
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
      xhr.send(makeBody(window, step.body) ?? null);
    } catch (error) { done({rejected: true, error: errorText(error)}); }
  });
}

function headersOf(text) {
  return text.split("\r\n").filter(line => line).map(line => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
  });
}
