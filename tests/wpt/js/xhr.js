// XMLHttpRequest: its states and events here, its request and answer by the library.
"use strict";
(() => {
const { bridge, later, forget, bytes, extract, handler, hasListeners, byteString, usv, blobOf, view } = __realm;
const EVENTS = ["loadstart", "progress", "abort", "error", "load", "timeout", "loadend"];

class XMLHttpRequestEventTarget extends EventTarget {}
handler(XMLHttpRequestEventTarget.prototype, ...EVENTS);
let making = false;
class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {
  constructor() { if (!making) throw new TypeError("Illegal constructor"); super(); }
}

const trusted = (event) => { event.isTrusted = true; return event; };
const progress = (target, type, loaded = 0, total = 0) =>
  target.dispatchEvent(trusted(new ProgressEvent(type, { loaded, total, lengthComputable: total > 0 })));
const invalid = (text) => { throw new DOMException(text, "InvalidStateError"); };

class XMLHttpRequest extends XMLHttpRequestEventTarget {
  #state = 0; #sent = false; #sync = false; #request = null; #answer = null; #headers = []; #id = null; #timer = null;
  #timeout = 0; #credentials = false; #type = ""; #mime = null; #upload; #uploaded = true; #listened = false; #object; #began = 0;
  constructor() { super(); making = true; this.#upload = new XMLHttpRequestUpload(); making = false; }
  get readyState() { return this.#state; }
  get upload() { return this.#upload; }
  get timeout() { return this.#timeout; }
  set timeout(ms) {
    if (this.#sync && this.#state !== 0 && __realm.isWindow) throw new DOMException("synchronous", "InvalidAccessError");
    this.#timeout = Number(ms) >>> 0;
    if (this.#sent) this.#arm();
  }
  get withCredentials() { return this.#credentials; }
  set withCredentials(value) {
    if (this.#state > 1 || this.#sent) invalid("it is sent");
    this.#credentials = !!value;
  }
  open(method, url, async = true, username = null, password = null) {
    if (arguments.length < 2) throw new TypeError("a method and a URL are needed");
    const request = bridge("xhr_open", byteString(method), usv(url));
    if (username !== null || password !== null) {
      if (username != null) request.url = bridge("set_url", request.url, "username", usv(username)).href;
      if (password != null) request.url = bridge("set_url", request.url, "password", usv(password)).href;
    }
    if (!async && __realm.isWindow && (this.#timeout !== 0 || this.#type !== "")) throw new DOMException("synchronous", "InvalidAccessError");
    this.#stop();
    Object.assign(this, {});
    this.#request = request; this.#sync = arguments.length > 2 && !async; this.#headers = []; this.#answer = null; this.#object = undefined;
    this.#sent = false; this.#listened = false;
    if (this.#state !== 1) this.#become(1);
  }
  setRequestHeader(name, value) {
    if (arguments.length < 2) throw new TypeError("a name and a value are needed");
    const row = [byteString(name), byteString(value)];
    if (this.#state !== 1 || this.#sent) invalid("it is not open");
    this.#headers = bridge("xhr_set_header", this.#headers, ...row);
  }
  send(body = null) {
    if (this.#state !== 1 || this.#sent) invalid("it is not open");
    if (this.#request.method === "GET" || this.#request.method === "HEAD") body = null;
    const listened = hasListeners(this.#upload);
    const told = body === null || body === undefined ? null
      : __realm.isDocument?.(body) ? { kind: "document", ...__realm.serialize(body) } : extract(body);
    this.#uploaded = told === null;
    this.#length = told === null ? 0 : bridge("extract", told).data.length;
    this.#listened = listened;
    this.#sent = true;
    this.#object = undefined;
    const args = [this.#request, this.#headers, told, this.#credentials, listened];
    if (this.#sync) {
      const row = bridge("xhr_sync", ...args);
      this.#sent = false;
      if (row.error !== undefined) {
        this.#answer = null; this.#state = 4; this.#sent = false;
        throw new DOMException(row.error, "NetworkError");
      }
      this.#answer = row;
      this.#sent = false;
      this.#become(4);
      progress(this, "load", ...this.#lengths());
      progress(this, "loadend", ...this.#lengths());
      return;
    }
    progress(this, "loadstart");
    if (!this.#uploaded && listened) progress(this.#upload, "loadstart", 0, this.#length);
    if (this.#state !== 1 || !this.#sent) return;
    this.#began = bridge("now");
    const id = (this.#id = later((row) => { if (this.#id === id) this.#arrived(row); }));
    bridge("xhr", id, ...args);
    this.#arm();
  }
  #length = 0;
  #arm() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#timeout === 0 || !this.#sent || this.#state === 4) return;
    const left = this.#timeout - (bridge("now") - this.#began) * 1000;
    this.#timer = setTimeout(() => { if (this.#sent && this.#state !== 4) { this.#cancel(); this.#fail("timeout"); } }, Math.max(0, left));
  }
  #cancel() {
    if (this.#id !== null) { bridge("cancel", this.#id); forget(this.#id); this.#id = null; }
    for (const timer of [this.#timer, this.#rest]) if (timer !== null) clearTimeout(timer);
    this.#timer = this.#rest = null;
  }
  #stop() { this.#cancel(); }
  #become(state) { this.#state = state; this.dispatchEvent(trusted(new Event("readystatechange"))); }
  #lengths() {
    const length = this.#answer?.body?.length ?? 0;
    const said = Number(this.#answer?.length ?? 0);
    return [length, said];
  }
  #arrived(row) {
    if (row.error !== undefined) { this.#id = null; return this.#fail("error"); }
    if (!this.#uploaded) {
      this.#uploaded = true;
      if (this.#listened) for (const type of ["progress", "load", "loadend"]) progress(this.#upload, type, this.#length, this.#length);
    }
    const goesOn = () => this.#answer === row;
    this.#answer = row;
    this.#become(2);
    if (!goesOn() || this.#state !== 2) return;
    const ending = () => {
      if (!goesOn()) return;
      if (row.body !== null && row.body.length) {
        this.#state = 3;
        this.dispatchEvent(trusted(new Event("readystatechange")));
        if (!goesOn() || this.#state !== 3) return;
      }
      if (row.broken) { this.#answer = null; this.#id = null; return this.#fail("error"); }
      progress(this, "progress", ...this.#lengths());
      if (!goesOn() || this.#state === 0) return;
      this.#id = null;
      if (this.#timer !== null) { clearTimeout(this.#timer); this.#timer = null; }
      this.#state = 4;
      this.#sent = false;
      this.dispatchEvent(trusted(new Event("readystatechange")));
      if (!goesOn() || this.#state !== 4) return;
      progress(this, "load", ...this.#lengths());
      if (!goesOn() || this.#state !== 4) return;
      progress(this, "loadend", ...this.#lengths());
    };
    if (row.rest > 0) this.#rest = setTimeout(ending, row.rest * 1000);
    else ending();
  }
  #rest = null;
  #fail(type) {
    this.#cancel();
    this.#state = 4; this.#sent = false; this.#answer = null;
    this.dispatchEvent(trusted(new Event("readystatechange")));
    if (!this.#uploaded) {
      this.#uploaded = true;
      if (this.#listened) { progress(this.#upload, type); progress(this.#upload, "loadend"); }
    }
    progress(this, type);
    progress(this, "loadend");
  }
  abort() {
    this.#cancel();
    if ((this.#state === 1 && this.#sent) || this.#state === 2 || this.#state === 3) this.#fail("abort");
    if (this.#state === 4) { this.#state = 0; this.#answer = null; }
  }
  #seen() { return this.#state >= 2 ? this.#answer : null; }
  get status() { return this.#seen()?.status ?? 0; }
  get statusText() { return this.#seen()?.statusText ?? ""; }
  get responseURL() { return this.#seen()?.url ?? ""; }
  getResponseHeader(name) {
    if (arguments.length < 1) throw new TypeError("a name is needed");
    const key = byteString(name);
    const row = this.#seen();
    return row ? bridge("headers_get", row.headers, key, true) : null;
  }
  getAllResponseHeaders() { return this.#seen()?.all ?? ""; }
  overrideMimeType(mime) {
    if (arguments.length < 1) throw new TypeError("a type is needed");
    if (this.#state >= 3) invalid("it is loading");
    this.#mime = bridge("mime_type_or_binary", usv(mime));
  }
  get responseType() { return this.#type; }
  set responseType(type) {
    type = String(type);
    if (!["", "arraybuffer", "blob", "document", "json", "text"].includes(type) || (type === "document" && !__realm.isWindow)) return;
    if (this.#state >= 3) invalid("it is loading");
    if (this.#sync && this.#state !== 0 && __realm.isWindow) throw new DOMException("synchronous", "InvalidAccessError");
    this.#type = type;
  }
  #text() { const row = this.#answer; return row?.body ? bridge("xhr_text", row.body, row.headers, this.#mime, this.#type) : ""; }
  get response() {
    if (this.#type === "" || this.#type === "text") return this.#state < 3 ? "" : this.#text();
    if (this.#state !== 4 || !this.#answer) return null;
    if (this.#object !== undefined) return this.#object;
    const body = this.#answer.body ?? "";
    if (this.#type === "arraybuffer") return (this.#object = bytes(body).buffer);
    if (this.#type === "blob") return (this.#object = blobOf(body, bridge("final_type", this.#answer.headers, this.#mime)));
    if (this.#type === "json") {
      if (this.#answer.body === null) return null;
      try { return (this.#object = JSON.parse(bridge("decode", body, "utf-8", false, false))); } catch { return (this.#object = null); }
    }
    return (this.#object = this.#document());
  }
  #document() {
    const type = bridge("final_type", this.#answer.headers, this.#mime).split(";")[0];
    if (this.#answer.body === null || !/^(text|application)\/xml$|\+xml$/.test(type)) return null;
    return __realm.parseXml?.(this.#text()) ?? null;
  }
  get responseText() {
    if (this.#type !== "" && this.#type !== "text") invalid("the response is no text");
    return this.#state < 3 ? "" : this.#text();
  }
  get responseXML() {
    if (this.#type !== "" && this.#type !== "document") invalid("the response is no document");
    if (this.#state !== 4 || !this.#answer) return null;
    return (this.#object ??= this.#document());
  }
  get [Symbol.toStringTag]() { return "XMLHttpRequest"; }
}
handler(XMLHttpRequest.prototype, "readystatechange");
for (const [name, value] of [["UNSENT", 0], ["OPENED", 1], ["HEADERS_RECEIVED", 2], ["LOADING", 3], ["DONE", 4]])
  for (const target of [XMLHttpRequest, XMLHttpRequest.prototype]) Object.defineProperty(target, name, { value, enumerable: true });
Object.assign(globalThis, { XMLHttpRequest, XMLHttpRequestEventTarget, XMLHttpRequestUpload });
})();
