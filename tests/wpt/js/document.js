// As much of a document as the tests ask for: elements that load, frames that send messages.
"use strict";
(() => {
const { bridge, later, handler, usv } = __realm;
__realm.isWindow = true;

class Node extends EventTarget {
  childNodes = []; parentNode = null;
  appendChild(child) { child.remove?.(); this.childNodes.push(child); child.parentNode = this; inserted(child); return child; }
  append(...children) { for (const child of children) this.appendChild(typeof child === "string" ? new Text(child) : child); }
  prepend(child) { this.insertBefore(child, this.childNodes[0]); }
  insertBefore(child, before) {
    const at = this.childNodes.indexOf(before);
    this.childNodes.splice(at < 0 ? this.childNodes.length : at, 0, child);
    child.parentNode = this; inserted(child);
    return child;
  }
  removeChild(child) { this.childNodes = this.childNodes.filter((one) => one !== child); child.parentNode = null; child.gone?.(); return child; }
  remove() { this.parentNode?.removeChild(this); }
  get children() { return this.childNodes.filter((child) => child instanceof Element); }
  get firstChild() { return this.childNodes[0] ?? null; }
  get isConnected() { for (let it = this; it; it = it.parentNode) if (it === document) return true; return false; }
  get ownerDocument() { return document; }
  get textContent() { return this.childNodes.map((child) => child.textContent).join(""); }
  set textContent(text) { this.childNodes = []; if (text !== "") this.appendChild(new Text(text)); }
  *descendants() { for (const child of this.childNodes) { yield child; if (child.childNodes) yield* child.descendants(); } }
  getElementsByTagName(name) { return [...this.descendants()].filter((one) => one.localName === name.toLowerCase() || (name === "*" && one.localName)); }
  querySelectorAll(selector) { return [...this.descendants()].filter((one) => one.localName && matches(one, selector)); }
  querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }
}
const matches = (element, selector) => selector.split(",").some((part) => {
  const match = /^([\w*-]*)(#[\w-]+)?((?:\.[\w-]+)*)(?:\[(\w+)(?:=["']?([^"'\]]*)["']?)?\])?$/.exec(part.trim());
  if (!match) return false;
  const [, tag, id, , name, value] = match;
  return (!tag || tag === "*" || element.localName === tag) && (!id || element.id === id.slice(1)) &&
    (!name || (element.hasAttribute(name) && (value === undefined || element.getAttribute(name) === value)));
});
class Text extends Node { constructor(data = "") { super(); this.data = String(data); } get textContent() { return this.data; } }

class Element extends Node {
  #attributes = new Map();
  style = {}; dataset = {}; className = "";
  constructor(name) { super(); this.localName = name; }
  get tagName() { return this.localName.toUpperCase(); }
  getAttribute(name) { return this.#attributes.get(name) ?? null; }
  hasAttribute(name) { return this.#attributes.has(name); }
  setAttribute(name, value) { this.#attributes.set(name.toLowerCase(), String(value)); this.changed?.(name.toLowerCase()); }
  removeAttribute(name) { this.#attributes.delete(name); this.changed?.(name); }
  get innerHTML() { return ""; }
  set innerHTML(html) { this.childNodes = []; __realm.parse(bridge("parse_html", usv(html)), this); }
  focus() {} blur() {}
  click() { this.dispatchEvent(new Event("click", { bubbles: true, cancelable: true })); }
  get elements() { return [...this.descendants()].filter((one) => ["input", "textarea", "select"].includes(one.localName)); }
}
class HTMLElement extends Element {}
const reflect = (proto, ...names) => {
  for (const name of names)
    Object.defineProperty(proto, name, { configurable: true, get() { return this.getAttribute(name.toLowerCase()) ?? ""; }, set(v) { this.setAttribute(name, v); } });
};
reflect(Element.prototype, "content", "id", "name", "value", "type", "rel", "title", "lang", "media", "as", "sizes");
const reflectUrl = (proto, ...names) => {
  for (const name of names)
    Object.defineProperty(proto, name, { configurable: true,
      get() { const text = this.getAttribute(name); return text === null ? "" : bridge("parse_url", text, document.baseURI)?.href ?? text; },
      set(value) { this.setAttribute(name, usv(value)); } });
};
handler(Element.prototype, "load", "error", "click", "loadeddata", "loadedmetadata", "canplay", "canplaythrough", "playing", "suspend");

// Elements that the library loads: what they ask for, and by which method of its page.
const crossorigin = (element) => {
  const value = element.crossorigin_;
  return value === null ? null : value.toLowerCase() === "use-credentials" ? "use-credentials" : "anonymous";
};
class Loading extends HTMLElement {
  get crossorigin_() { return this.getAttribute("crossorigin"); }
  get crossOrigin() { return crossorigin(this); }
  set crossOrigin(value) { if (value === null) this.removeAttribute("crossorigin"); else this.setAttribute("crossorigin", value); }
  load_(kind, url, ...options) {
    const id = later((row) => {
      if (row.script !== undefined) bridge("run_script", row.script, row.url);
      this.complete = true;
      [this.naturalWidth, this.naturalHeight] = [this.width, this.height] = row.loaded ? row.size ?? [1, 1] : [0, 0];
      const types = row.loaded && kind === "media" ? ["loadedmetadata", "loadeddata", "canplay", "canplaythrough", "load"] : [row.loaded ? "load" : "error"];
      for (const type of types) this.dispatchEvent(new Event(type));
    });
    bridge("element", id, kind, url, crossorigin(this), this.getAttribute("integrity") ?? "", ...options);
  }
}
reflect(Loading.prototype, "integrity", "referrerPolicy");
class HTMLImageElement extends Loading {
  complete = false; naturalWidth = 0; width = 0;
  changed(name) { if (name === "src") this.load_("image", this.getAttribute("src")); }
  decode() { return Promise.resolve(); }
}
reflectUrl(HTMLImageElement.prototype, "src");
class HTMLScriptElement extends Loading {
  #began = false;
  async = true;
  static supports(type) { return type === "classic"; }
  get text() { return this.textContent; }
  set text(value) { this.textContent = value; }
  changed() { if (this.isConnected) this.insert(); }
  insert() {
    if (this.#began || this.parsed) return;
    if (this.hasAttribute("src")) { this.#began = true; this.load_("script", this.getAttribute("src"), this.type); }
    else if (this.textContent && this.type !== "module") { this.#began = true; bridge("run_script", this.textContent, document.URL); }
  }
}
reflectUrl(HTMLScriptElement.prototype, "src");
class HTMLLinkElement extends Loading {
  #began = false;
  insert() {
    if (this.#began || !this.hasAttribute("href")) return;
    const kinds = { stylesheet: "stylesheet" };
    if (!kinds[this.rel]) return;
    this.#began = true;
    this.load_(kinds[this.rel], this.getAttribute("href"));
  }
  changed() { if (this.isConnected) this.insert(); }
}
reflectUrl(HTMLLinkElement.prototype, "href");
class HTMLMediaElement extends Loading {
  changed(name) { if (name === "src") this.load_("media", this.getAttribute("src"), this.localName); }
  play() { return Promise.resolve(); } pause() {} load() {}
}
reflectUrl(HTMLMediaElement.prototype, "src");
class HTMLAnchorElement extends HTMLElement {}
reflectUrl(HTMLAnchorElement.prototype, "href");
for (const name of ["protocol", "host", "hostname", "port", "pathname", "search", "hash", "origin"])
  Object.defineProperty(HTMLAnchorElement.prototype, name, { get() { return bridge("parse_url", this.href, document.baseURI)?.[name] ?? ""; } });
reflect(HTMLElement.prototype, "method", "enctype", "target");
class HTMLInputElement extends HTMLElement {
  click() {
    super.click();
    let form = this.parentNode;
    while (form && !(form instanceof HTMLFormElement)) form = form.parentNode;
    if (this.type === "submit") form?.submit();
  }
}
class HTMLFormElement extends HTMLElement {
  submit() {
    let root = this;
    while (root.parentNode) root = root.parentNode;
    const frame = root.frame ?? [...document.getElementsByTagName("iframe")].find((one) => this.target && one.name === this.target);
    if (frame) frame.submit(this);
    else bridge("form", this.getAttribute("action") ?? document.URL, (this.getAttribute("method") ?? "get").toLowerCase(), this.elements.map((one) => [one.name, one.value]));
  }
}
reflectUrl(HTMLFormElement.prototype, "action");

// Another document, seen from here: it takes messages, and no more than that.
class Elsewhere {
  constructor(realm) { this.realm = realm; }
  postMessage(data, target = "/") { bridge("post", this.realm, clone(data), typeof target === "string" ? target : target?.targetOrigin ?? "/"); }
  close() { bridge("close", this.realm); }
  focus() {}
  get closed() { return false; }
  get length() { return 0; }
}
const clone = (data) => JSON.parse(JSON.stringify({ data: data === undefined ? null : data }, (_, value) => value)).data;
const known = new Map();
const elsewhere = (id) => { if (!known.has(id)) known.set(id, new Elsewhere(id)); return known.get(id); };
class HTMLIFrameElement extends HTMLElement {
  #realm = null;
  get contentWindow() { return this.#realm === null ? null : elsewhere(this.#realm); }
  #blank = null;
  // A frame of no URL has a document that can be written to; forms in it are submitted by this page.
  get contentDocument() {
    if (this.hasAttribute("src") || this.hasAttribute("srcdoc")) return null;
    if (!this.#blank) {
      this.#blank = new Document();
      this.#blank.frame = this;
      const html = document.createElement("html");
      this.#blank.childNodes.push(html);
      html.parentNode = this.#blank;
      html.append(document.createElement("head"), document.createElement("body"));
    }
    return this.#blank;
  }
  submit(form) {
    this.gone();
    const id = later(() => this.dispatchEvent(new Event("load")));
    this.#realm = bridge("submit_frame", id, form.action, form.method || "get", form.elements.filter((one) => one.name).map((one) => [one.name, one.value]));
  }
  insert() {
    const url = this.hasAttribute("srcdoc") ? "about:srcdoc" : this.getAttribute("src") ?? "about:blank";
    this.gone();
    const id = later(() => this.dispatchEvent(new Event("load")));
    this.#realm = bridge("open_frame", id, url, this.getAttribute("sandbox"), this.getAttribute("srcdoc"), this.name);
  }
  changed(name) { if (this.isConnected && (name === "src" || name === "srcdoc")) this.insert(); }
  gone() { if (this.#realm !== null) bridge("close", this.#realm); this.#realm = null; }
}
reflect(HTMLIFrameElement.prototype, "srcdoc", "allow", "referrerPolicy");
reflectUrl(HTMLIFrameElement.prototype, "src");
Object.defineProperty(HTMLIFrameElement.prototype, "sandbox", { get() { return this.getAttribute("sandbox"); }, set(v) { this.setAttribute("sandbox", v); } });

const TAGS = { img: HTMLImageElement, script: HTMLScriptElement, link: HTMLLinkElement, iframe: HTMLIFrameElement,
  video: HTMLMediaElement, audio: HTMLMediaElement, a: HTMLAnchorElement, form: HTMLFormElement, input: HTMLInputElement, button: HTMLInputElement };
const inserted = (node) => {
  if (!node.isConnected) return;
  node.insert?.();
  for (const one of node.descendants?.() ?? []) one.insert?.();
};
class Document extends Node {
  readyState = "loading"; title = ""; characterSet = "UTF-8"; contentType = "text/html"; designMode = "off"; currentScript = null;
  createElement(name) { return new (TAGS[name.toLowerCase()] ?? HTMLElement)(name.toLowerCase()); }
  createElementNS(_, name) { return this.createElement(name); }
  createTextNode(data) { return new Text(data); }
  createEvent() { return new Event(""); }
  getElementById(id) { return [...this.descendants()].find((one) => one.id === id) ?? null; }
  get documentElement() { return this.childNodes[0]; }
  get head() { return this.documentElement.childNodes[0]; }
  get body() { return this.documentElement.childNodes[1]; }
  get URL() { return bridge("document_url"); }
  get documentURI() { return this.URL; }
  get location() { return globalThis.location; }
  get baseURI() { const base = this.querySelector("base[href]"); return base ? bridge("parse_url", base.getAttribute("href"), this.URL)?.href ?? this.URL : this.URL; }
  get domain() { return location.hostname; }
  get cookie() { return bridge("cookie"); }
  set cookie(line) { bridge("set_cookie", usv(line)); }
  get referrer() { return bridge("document_referrer"); }
  get defaultView() { return globalThis; }
  get forms() { return this.getElementsByTagName("form"); }
  get images() { return this.getElementsByTagName("img"); }
  write(html) { __realm.parse(bridge("parse_html", usv(html)), this.body); }
  writeln(html) { this.write(html); }
  open() {} close() {}
  adoptNode(node) { return node; }
  importNode(node) { return node; }
  hasFocus() { return true; }
}
handler(Document.prototype, "DOMContentLoaded", "readystatechange");
const document = new Document();
globalThis.document = document;
const html = document.createElement("html");
document.childNodes.push(html);
html.parentNode = document;
html.append(document.createElement("head"), document.createElement("body"));

// Rows that Python's HTML parser made: [tag, attributes, children] or text.
__realm.parse = (rows, parent) => {
  for (const row of rows) {
    if (typeof row === "string") { parent.appendChild(new Text(row)); continue; }
    const [tag, attributes, children] = row;
    const element = document.createElement(tag);
    if (tag === "script") element.parsed = true;
    for (const [name, value] of attributes) {
      element.setAttribute(name, value);
      if (name.startsWith("on") && value) { const body = new Function("event", value); element[name] = function (event) { return body.call(this, event); }; }
    }
    if (tag === "script") {
      for (const child of children) element.childNodes.push(new Text(child));
      parent.appendChild(element);
      const type = (attributes.find(([name]) => name === "type") ?? [])[1] ?? "";
      if (/^(|text\/javascript|application\/javascript)$/.test(type)) {
        document.currentScript = element;
        const src = element.getAttribute("src");
        if (src !== null) {
          const ok = bridge("load_script", src, crossorigin(element), element.getAttribute("integrity") ?? "");
          element.dispatchEvent(new Event(ok ? "load" : "error"));
        } else bridge("run_script", element.textContent, document.URL);
        document.currentScript = null;
      } else if (type === "module") bridge("unable", "module scripts");
    } else { parent.appendChild(element); __realm.parse(children, element); }
    if (element.id && !(element.id in globalThis)) globalThis[element.id] = element;
  }
};
const xml = ([tag, attributes, children]) => {
  const element = new Element(tag);
  for (const [name, value] of attributes) element.setAttribute(name, value);
  for (const child of children) if (child !== "") element.appendChild(typeof child === "string" ? new Text(child) : xml(child));
  return element;
};
__realm.parseXml = (text) => {
  const row = bridge("parse_xml", text);
  if (row === null) return null;
  const made = new Document();
  made.readyState = "complete"; made.contentType = "application/xml";
  made.childNodes.push(xml(row));
  return made;
};
__realm.loaded = () => {
  document.readyState = "interactive";
  document.dispatchEvent(new Event("DOMContentLoaded"));
  globalThis.dispatchEvent(new Event("DOMContentLoaded"));
};
__realm.complete = () => { document.readyState = "complete"; globalThis.dispatchEvent(new Event("load")); };

const parts = () => bridge("parse_url", bridge("document_url"), null);
const location = { assign(url) { bridge("navigate", usv(url)); }, replace(url) { bridge("navigate", usv(url)); }, reload() { bridge("unable", "reloads"); }, toString() { return this.href; } };
for (const name of ["protocol", "host", "hostname", "port", "pathname", "search", "hash", "origin", "href"])
  Object.defineProperty(location, name, { enumerable: true, get: () => parts()[name], set(value) {
    if (name === "hash") bridge("set_hash", String(value)); else bridge("navigate", name === "href" ? usv(value) : bridge("set_url", parts().href, name, usv(value)).href); } });
Object.defineProperty(globalThis, "location", { get: () => location, set(url) { location.href = url; } });
__realm.message = (row) => {
  const source = elsewhere(row.source);
  globalThis.dispatchEvent(new MessageEvent("message", { data: row.data, origin: row.origin, source }));
};
globalThis.postMessage = (data) => setTimeout(() => globalThis.dispatchEvent(new MessageEvent("message", { data, origin: location.origin, source: globalThis })), 0);
const { parent, opener, origin, secure, agent } = bridge("surroundings");
Object.assign(globalThis, {
  self: globalThis, window: globalThis, frames: globalThis, name: "", closed: false, origin, isSecureContext: secure,
  parent: parent === null ? globalThis : elsewhere(parent), top: parent === null ? globalThis : elsewhere(bridge("top")),
  opener: opener === null ? null : elsewhere(opener), length: 0,
  open(url = "about:blank") { const id = bridge("open_frame", later(() => {}), usv(url), null, null, "", true); return id === null ? null : elsewhere(id); },
  close() {}, focus() {}, stop() {}, scrollTo() {}, getComputedStyle: () => ({}), matchMedia: () => ({ matches: false, addListener() {} }),
  navigator: { userAgent: agent, language: "en-US", languages: ["en-US"], onLine: true,
    sendBeacon(url, body) { return bridge("beacon", usv(url), body == null ? null : __realm.extract(body)); } },
  Node, Text, Element, HTMLElement, Document, HTMLDocument: Document, HTMLImageElement, HTMLScriptElement, HTMLLinkElement, HTMLMediaElement, HTMLIFrameElement, HTMLAnchorElement, HTMLFormElement,
  HTMLVideoElement: HTMLMediaElement, HTMLAudioElement: HTMLMediaElement,
  Image: function Image() { return document.createElement("img"); },
  Audio: function Audio(src) { const audio = document.createElement("audio"); if (src !== undefined) audio.src = src; return audio; },
});
globalThis.Window = class Window { static [Symbol.hasInstance](it) { return it === globalThis; } };
globalThis.GLOBAL = { isWindow: () => true, isWorker: () => false, isShadowRealm: () => false };
})();
