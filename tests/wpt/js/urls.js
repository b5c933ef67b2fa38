// URLs and text, by the library's own parser and Python's codecs.
"use strict";
(() => {
const { bridge } = __realm;
const usv = (value) => String(value).toWellFormed();

class URLSearchParams {
  #pairs = []; #url;
  constructor(init = "", url) {
    this.#url = url;
    if (typeof init === "object" && init !== null) {
      if (typeof init[Symbol.iterator] === "function") {
        for (const pair of init) {
          const row = [...pair];
          if (row.length !== 2) throw new TypeError("a pair has two items");
          this.#pairs.push(row.map(usv));
        }
      } else for (const name of Reflect.ownKeys(init)) this.#pairs.push([usv(name), usv(init[name])]);
    } else this.#pairs = bridge("parse_query", usv(init).replace(/^\?/, ""));
  }
  #changed() { if (this.#url) this.#url.search = this.toString(); }
  append(name, value) { this.#pairs.push([usv(name), usv(value)]); this.#changed(); }
  delete(name) { this.#pairs = this.#pairs.filter(([key]) => key !== name); this.#changed(); }
  get(name) { return this.#pairs.find(([key]) => key === usv(name))?.[1] ?? null; }
  getAll(name) { return this.#pairs.filter(([key]) => key === usv(name)).map(([, value]) => value); }
  has(name) { return this.#pairs.some(([key]) => key === usv(name)); }
  set(name, value) {
    const at = this.#pairs.findIndex(([key]) => key === name);
    if (at < 0) this.#pairs.push([usv(name), usv(value)]);
    else this.#pairs = this.#pairs.filter(([key], i) => key !== name || i === at).map((row, i) => (i === at ? [usv(name), usv(value)] : row));
    this.#changed();
  }
  sort() { this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this.#changed(); }
  forEach(callback) { for (const [name, value] of this.#pairs) callback(value, name, this); }
  *entries() { yield* this.#pairs.map((row) => [...row]); }
  *keys() { for (const [name] of this.#pairs) yield name; }
  *values() { for (const [, value] of this.#pairs) yield value; }
  [Symbol.iterator]() { return this.entries(); }
  toString() { return bridge("write_query", this.#pairs); }
  get [Symbol.toStringTag]() { return "URLSearchParams"; }
}

const PARTS = ["href", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];
class URL {
  #parts; #params;
  constructor(url, base) {
    this.#parts = bridge("parse_url", usv(url), base === undefined ? null : usv(base));
    if (this.#parts === null) throw new TypeError(`Invalid URL: ${url}`);
  }
  get origin() { return this.#parts.origin; }
  get searchParams() { return (this.#params ??= new URLSearchParams(this.search, this)); }
  set(name, value) { this.#parts = bridge("set_url", this.#parts.href, name, usv(value)); }
  get(name) { return this.#parts[name]; }
  toString() { return this.href; }
  toJSON() { return this.href; }
  get [Symbol.toStringTag]() { return "URL"; }
  static canParse(url, base) { return bridge("parse_url", usv(url), base ?? null) !== null; }
  static createObjectURL(blob) { return bridge("new_blob_url", __realm.textOf(blob), blob.type); }
  static revokeObjectURL(url) { bridge("revoke_blob_url", String(url)); }
}
const { get, set } = URL.prototype;
delete URL.prototype.get; delete URL.prototype.set;
for (const name of PARTS)
  Object.defineProperty(URL.prototype, name, { enumerable: true, get() { return get.call(this, name); }, set(v) { set.call(this, name, v); } });

// Bytes cross the bridge as text, a character a byte.
const text = (bytes) => { let out = ""; for (let i = 0; i < bytes.length; i += 4096) out += String.fromCharCode(...bytes.subarray(i, i + 4096)); return out; };
const bytes = (string) => Uint8Array.from(string, (char) => char.charCodeAt(0));
Object.assign(__realm, { text, bytes, usv });
class TextEncoder {
  get encoding() { return "utf-8"; }
  encode(string = "") { return bytes(bridge("encode", usv(string))); }
}
const view = (data) => data === undefined ? new Uint8Array() : ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
__realm.view = view;
class TextDecoder {
  #pending = "";
  constructor(label = "utf-8", options = {}) {
    this.encoding = bridge("codec", String(label));
    this.fatal = !!options.fatal; this.ignoreBOM = !!options.ignoreBOM;
  }
  decode(data, options = {}) {
    this.#pending += text(view(data));
    if (options.stream) return "";
    const all = this.#pending;
    this.#pending = "";
    return bridge("decode", all, this.encoding, this.fatal, this.ignoreBOM);
  }
}
globalThis.structuredClone ??= (value) => JSON.parse(JSON.stringify(value));
globalThis.crypto = { randomUUID: () => bridge("uuid"), getRandomValues: (a) => a };
Object.assign(globalThis, { URL, URLSearchParams, TextEncoder, TextDecoder });
})();
