// Headers, Request, Response and fetch(), by the library's guards, its constructor and page.fetch.
"use strict";
(() => {
const { bridge, later, usv, extract, mixBody } = __realm;
const KEY = Symbol("internal");

class Headers {
  #pairs = []; #guard = "none";
  constructor(init) {
    if (init === null) throw new TypeError("no headers");
    if (init !== undefined) this.#fill(init);
  }
  #fill(init) {
    if (typeof init !== "object" && typeof init !== "function") throw new TypeError("no headers");
    const iterate = init[Symbol.iterator];
    if (iterate !== undefined && iterate !== null) {
      const rows = [];
      for (const row of { [Symbol.iterator]: () => iterate.call(init) }) {
        if (typeof row !== "object" || row === null || typeof row[Symbol.iterator] !== "function") throw new TypeError("no pair");
        const pair = [...row];
        if (pair.length !== 2) throw new TypeError("a pair has two items");
        rows.push(pair);
      }
      for (const [name, value] of rows) this.append(name, value);
    } else {
      const rows = new Map();
      for (const name of Reflect.ownKeys(init)) {
        const property = Reflect.getOwnPropertyDescriptor(init, name);
        if (!property?.enumerable) continue;
        const key = byteString(name);
        rows.set(key, byteString(init[name]));
      }
      for (const [name, value] of rows) this.append(name, value);
    }
  }
  append(name, value) { need(arguments, 2); this.#pairs = bridge("headers_append", this.#pairs, this.#guard, byteString(name), byteString(value)); }
  set(name, value) { need(arguments, 2); this.#pairs = bridge("headers_set", this.#pairs, this.#guard, byteString(name), byteString(value)); }
  delete(name) { need(arguments, 1); this.#pairs = bridge("headers_delete", this.#pairs, this.#guard, byteString(name)); }
  get(name) { need(arguments, 1); return bridge("headers_get", this.#pairs, byteString(name)); }
  has(name) { need(arguments, 1); return bridge("headers_get", this.#pairs, byteString(name)) !== null; }
  getSetCookie() { return this.#pairs.filter(([name]) => name.toLowerCase() === "set-cookie").map(([, value]) => value); }
  forEach(callback, that) {
    need(arguments, 1);
    if (typeof callback !== "function") throw new TypeError("no function");
    for (const [name, value] of this) callback.call(that, value, name, this);
  }
  #rows() { return bridge("headers_items", this.#pairs); }
  entries() { return iterator(() => this.#rows(), (row) => row); }
  keys() { return iterator(() => this.#rows(), ([name]) => name); }
  values() { return iterator(() => this.#rows(), ([, value]) => value); }
  get [Symbol.toStringTag]() { return "Headers"; }
  static of(key, pairs, guard) { const headers = new Headers(); headers.#pairs = pairs; headers.#guard = guard; return headers; }
  static pairsOf(headers) { return headers.#pairs; }
}
Object.defineProperty(Headers.prototype, Symbol.iterator, { value: Headers.prototype.entries, writable: true, configurable: true });
for (const name of ["append", "set", "delete", "get", "has", "forEach", "entries", "keys", "values", "getSetCookie"])
  Object.defineProperty(Headers.prototype, name, { enumerable: true });
const iteratorPrototype = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));
iteratorPrototype.next = function () { return this.step(); };
const iterator = (rows, part) => {
  let at = 0;
  const it = Object.create(iteratorPrototype);
  Object.defineProperty(it, "step", { value: () => { const all = rows(); return at < all.length ? { value: part(all[at++]), done: false } : { value: undefined, done: true }; } });
  return it;
};
const { of: headersOf, pairsOf } = Headers;
delete Headers.of; delete Headers.pairsOf;
const need = (args, count) => { if (args.length < count) throw new TypeError(`${count} arguments are needed`); };
const byteString = (value) => {
  if (typeof value === "symbol") throw new TypeError("a symbol is no string");
  const string = String(value);
  for (const char of string) if (char > "\xff") throw new TypeError("a character of more than a byte");
  return string;
};
__realm.byteString = byteString;

const typeOf = (it) => bridge("content_type", pairsOf(it.headers));
const requestBody = { }, responseBody = { };
const asBody = (body) => {
  if (body instanceof ReadableStream) {
    if (body.locked || body.disturbed) throw new TypeError("the stream is used");
    return { state: { data: null, stream: body }, sent: null };
  }
  const told = extract(body), row = bridge("extract", told);
  return { state: { data: row.data }, sent: told, type: row.type };
};

const OPTIONS = ["mode", "credentials", "redirect", "cache", "referrer", "referrerPolicy", "integrity"];
class Request {
  #row; #headers; #signal;
  constructor(input, init = {}) {
    need(arguments, 1);
    init ??= {};
    if (typeof init !== "object" && typeof init !== "function") throw new TypeError("init is no dictionary");
    const from = input instanceof Request ? input : null;
    const given = {};
    for (const name of OPTIONS) if (init[name] !== undefined) given[name] = usv(init[name]);
    if (init.method !== undefined) given.method = byteString(init.method);
    if (init.window !== undefined && init.window !== null) throw new TypeError("window can only be null");
    if (init.keepalive !== undefined) given.keepalive = !!init.keepalive;
    if (init.priority !== undefined && !["high", "low", "auto"].includes(String(init.priority))) throw new TypeError("no priority");
    if (init.duplex !== undefined && init.duplex !== "half") throw new TypeError("no duplex");
    const overridden = Object.keys(given).length > 0 || "headers" in init || "body" in init;
    const base = from ? { ...from.#row, keepalive: from.keepalive } : {};
    if (from && overridden) { delete base.referrer; if (base.mode === "navigate") base.mode = "same-origin"; }
    if (given.referrer !== undefined || given.referrerPolicy !== undefined || (from && overridden)) base.chosen = true;
    const signal = "signal" in init ? init.signal : from?.signal;
    if (signal !== null && signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError("no signal");
    let headers;
    if (init.headers !== undefined) headers = pairsOf(new Headers(init.headers));
    else headers = from ? pairsOf(from.headers) : [];
    let body = null;
    if (init.body !== undefined && init.body !== null) body = asBody(init.body);
    if (body?.state.stream && given.keepalive) throw new TypeError("a stream can't be kept alive");
    const copied = !body && from && (init.body === undefined || init.body === null) ? request.stateOf(from) : null;
    if (copied && (copied.data !== null || copied.stream) && request.unusable(copied) && init.body == null) throw new TypeError("body is used");
    const hasBody = !!body || !!(copied && (copied.data !== null || copied.stream));
    this.#row = { ...base, ...bridge("new_request", from ? from.url : usv(input), { ...base, ...given }, headers, body?.type ?? null, hasBody) };
    this.#headers = headersOf(KEY, this.#row.headers, this.#row.mode === "no-cors" ? "request-no-cors" : "request");
    delete this.#row.headers;
    for (const name of ["integrity", "keepalive"]) this.#row[name] = given[name] ?? base[name];
    this.#signal = __realm.newSignal();
    signal?.follow(this.#signal);
    if (body) request.give(this, { ...body.state, sent: body.sent });
    else if (hasBody) {
      request.give(this, { ...copied });
      request.give(from, { data: copied.data, used: true, stream: copied.stream && spent(copied.stream) });
    }
  }
  get method() { return this.#row.method; }
  get url() { return this.#row.url; }
  get headers() { return this.#headers; }
  get destination() { return ""; }
  get referrer() { return this.#row.shown; }
  get referrerPolicy() { return this.#row.referrerPolicy; }
  get mode() { return this.#row.mode; }
  get credentials() { return this.#row.credentials; }
  get cache() { return this.#row.cache; }
  get redirect() { return this.#row.redirect; }
  get integrity() { return this.#row.integrity ?? ""; }
  get keepalive() { return !!this.#row.keepalive; }
  get isReloadNavigation() { return false; }
  get isHistoryNavigation() { return false; }
  get duplex() { return "half"; }
  get signal() { return this.#signal; }
  clone() {
    const twin = Object.create(Request.prototype), row = this.#row;
    const state = request.clone(this);
    const copy = new Request(this.url);
    copy.#row = { ...row };
    copy.#headers = headersOf(KEY, pairsOf(this.headers), row.mode === "no-cors" ? "request-no-cors" : "request");
    this.signal.follow(copy.#signal);
    request.give(copy, state);
    return copy;
  }
  get [Symbol.toStringTag]() { return "Request"; }
  static rowOf(it) { return it.#row; }
}
const spent = (stream) => { stream.disturbed = true; return stream; };
const { rowOf } = Request;
delete Request.rowOf;
const request = mixBody(Request.prototype, typeOf);

const NULL_BODY = [101, 103, 204, 205, 304];
class Response {
  #row; #headers;
  constructor(body = null, init = {}) {
    init ??= {};
    if (typeof init !== "object" && typeof init !== "function") throw new TypeError("init is no dictionary");
    const status = init.status === undefined ? 200 : Number(init.status) & 0xffff;
    if (status < 200 || status > 599) throw new RangeError("the status is out of range");
    const statusText = init.statusText === undefined ? "" : byteString(init.statusText);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(statusText)) throw new TypeError("no reason phrase");
    this.#row = { type: "default", url: "", redirected: false, status, statusText };
    let headers = init.headers === undefined ? [] : pairsOf(headersLike(init.headers));
    headers = bridge("headers_fill", headers, "response");
    if (body !== null && body !== undefined) {
      if (NULL_BODY.includes(status)) throw new TypeError("a response of this status has no body");
      const extracted = asBody(body);
      response.give(this, extracted.state);
      if (extracted.type && !headers.some(([name]) => name.toLowerCase() === "content-type")) headers.push(["Content-Type", extracted.type]);
    }
    this.#headers = headersOf(KEY, headers, "response");
  }
  get type() { return this.#row.type; }
  get url() { return this.#row.url; }
  get redirected() { return this.#row.redirected; }
  get status() { return this.#row.status; }
  get ok() { return this.status >= 200 && this.status < 300; }
  get statusText() { return this.#row.statusText; }
  get headers() { return this.#headers; }
  clone() {
    const state = response.clone(this);
    const copy = of(KEY, { ...this.#row }, pairsOf(this.headers), this.#row.guard ?? "response");
    response.give(copy, state);
    return copy;
  }
  get [Symbol.toStringTag]() { return "Response"; }
  static error() { return of(KEY, { type: "error", url: "", redirected: false, status: 0, statusText: "" }, [], "immutable"); }
  static redirect(url, status = 302) {
    const parsed = bridge("parse_url", usv(url), bridge("base_url"));
    if (parsed === null) throw new TypeError("no URL");
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError("no redirect status");
    return of(KEY, { type: "default", url: "", redirected: false, status, statusText: "" }, [["Location", parsed.href]], "immutable");
  }
  static json(data, init = {}) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError("this has no JSON");
    const headers = new Headers(init.headers ?? {});
    if (!headers.has("content-type")) headers.set("Content-Type", "application/json");
    return new Response(text, { ...init, headers });
  }
  static of(key, row, headers, guard) {
    const made = new Response();
    made.#row = { ...row, guard };
    made.#headers = headersOf(KEY, headers, guard);
    return made;
  }
}
const headersLike = (init) => new Headers(init);
const { of } = Response;
delete Response.of;
const response = mixBody(Response.prototype, typeOf);

const fetched = (row, signal) => {
  const made = of(KEY, row, row.headers, "immutable");
  const ready = row.rest > 0 ? new Promise((done) => setTimeout(done, row.rest * 1000)) : null;
  if (row.body !== null) response.give(made, { data: row.body, signal, ready });
  return made;
};
globalThis.fetch = function fetch(input, init = undefined) {
  return new Promise((resolve, reject) => {
    const asked = new Request(input, init), row = rowOf(asked), { signal } = asked;
    if (signal.aborted) return reject(signal.reason);
    let state = request.stateOf(asked), send;
    const go = (sent) => {
      const id = later((answer) => {
        signal.steps.splice(signal.steps.indexOf(stop), 1);
        answer.error === undefined ? resolve(fetched(answer, signal)) : reject(new TypeError("Failed to fetch")); // why, is in the log
      });
      const stop = () => { bridge("cancel", id); __realm.forget(id); reject(signal.reason); };
      signal.steps.push(stop);
      bridge("fetch", id, row, pairsOf(asked.headers), sent);
    };
    if (state.stream) asked.arrayBuffer().then((data) => go({ kind: "stream", data: __realm.text(new Uint8Array(data)) }), (e) => reject(new TypeError(String(e))));
    else go(state.data === null ? null : { kind: "bytes", data: state.data });
    if (state.data !== null) request.give(asked, { ...state, used: true });
  });
};
Object.assign(globalThis, { Headers, Request, Response });
})();
