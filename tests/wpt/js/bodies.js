// Blob, File, FormData, streams and what Request and Response have in common: a body.
"use strict";
(() => {
const { bridge, text, bytes, view, usv } = __realm;

class Blob {
  #data; #type;
  constructor(parts = [], options = {}) {
    let data = "";
    for (const part of parts) {
      if (part instanceof Blob) data += part.#data;
      else if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) data += text(view(part));
      else data += bridge("encode", usv(part));
    }
    this.#data = data;
    const type = String(options?.type ?? "");
    this.#type = /^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "";
  }
  get size() { return this.#data.length; }
  get type() { return this.#type; }
  slice(start = 0, end = this.size, type = "") { return Blob.of(this.#data.slice(start, end), type.toLowerCase()); }
  async text() { return bridge("decode", this.#data, "utf-8", false, false); }
  async arrayBuffer() { return bytes(this.#data).buffer; }
  stream() { return streamOf(this.#data); }
  get [Symbol.toStringTag]() { return this.constructor.name; }
  static of(data, type) { const blob = new Blob(); blob.#data = data; blob.#type = type; return blob; }
  static textOf(blob) { return blob.#data; }
}
const { of: blobOf, textOf } = Blob;
delete Blob.of; delete Blob.textOf;
__realm.textOf = textOf; __realm.blobOf = blobOf;
class File extends Blob {
  constructor(parts, name, options = {}) {
    super(parts, options);
    this.name = usv(name);
    this.lastModified = options.lastModified ?? Date.now();
  }
}

class FormData {
  #entries = [];
  constructor(form) { if (form === null) throw new TypeError("no form"); if (form?.elements) for (const field of form.elements) if (field.name) this.append(field.name, field.value); }
  static entry(name, value, filename) {
    if (!(value instanceof Blob)) return [usv(name), usv(value)];
    if (filename === undefined && value instanceof File) return [usv(name), value];
    return [usv(name), new File([value], filename ?? "blob", { type: value.type })];
  }
  append(name, value, filename) { check(arguments); this.#entries.push(entry(name, value, filename)); }
  set(name, value, filename) {
    check(arguments);
    const row = entry(name, value, filename), at = this.#entries.findIndex(([key]) => key === row[0]);
    if (at < 0) this.#entries.push(row);
    else this.#entries = this.#entries.filter(([key], i) => key !== row[0] || i === at).map((old, i) => (i === at ? row : old));
  }
  delete(name) { this.#entries = this.#entries.filter(([key]) => key !== name); }
  get(name) { return this.#entries.find(([key]) => key === usv(name))?.[1] ?? null; }
  getAll(name) { return this.#entries.filter(([key]) => key === usv(name)).map(([, value]) => value); }
  has(name) { return this.#entries.some(([key]) => key === usv(name)); }
  forEach(callback) { for (const [name, value] of this.#entries) callback(value, name, this); }
  *entries() { yield* this.#entries; }
  *keys() { for (const [name] of this.#entries) yield name; }
  *values() { for (const [, value] of this.#entries) yield value; }
  [Symbol.iterator]() { return this.entries(); }
  get [Symbol.toStringTag]() { return "FormData"; }
}
const entry = FormData.entry;
const check = (args) => {
  if (args.length < 2 || (args.length > 2 && args[2] !== undefined && !(args[1] instanceof Blob))) throw new TypeError("no such entry");
};
delete FormData.entry;

// A stream as far as bodies need one.
class ReadableStream {
  #queue = []; #state = "readable"; #error; #reader = null; #source; #waits = []; #pulling = false; #started;
  disturbed = false;
  constructor(source = {}, strategy) {
    this.#source = source;
    const controller = {
      enqueue: (chunk) => {
        if (this.#state !== "readable" || this.closing) throw new TypeError("the stream is closed");
        const wait = this.#waits.shift();
        if (wait) wait.resolve({ value: chunk, done: false }); else this.#queue.push(chunk);
      },
      close: () => { if (this.#state !== "readable") throw new TypeError("the stream is closed"); this.closing = true; this.#settle(); },
      error: (error) => this.#fail(error),
      get desiredSize() { return 1; }, byobRequest: null,
    };
    this.controller = controller;
    this.#started = Promise.resolve(source.start?.(controller)).then(() => this.#pull(), (error) => this.#fail(error));
  }
  #settle() {
    if (!this.closing || this.#queue.length) return;
    this.#state = "closed";
    for (const wait of this.#waits.splice(0)) wait.resolve({ value: undefined, done: true });
    this.#reader?.done.resolve();
  }
  #fail(error) {
    if (this.#state !== "readable") return;
    this.#state = "errored"; this.#error = error; this.#queue = [];
    for (const wait of this.#waits.splice(0)) wait.reject(error);
    this.#reader?.done.reject(error);
  }
  async #pull() {
    if (this.#pulling || this.#state !== "readable" || this.closing || !this.#source.pull) return;
    if (this.#queue.length && !this.#waits.length) return;
    this.#pulling = true;
    try { await this.#source.pull(this.controller); } catch (error) { this.#fail(error); }
    this.#pulling = false;
    if (this.#waits.length) this.#pull();
  }
  get locked() { return this.#reader !== null; }
  get isErrored() { return this.#state === "errored"; }
  get storedError() { return this.#error; }
  cancel(reason) {
    if (this.locked) return Promise.reject(new TypeError("the stream is locked"));
    return this.#cancel(reason);
  }
  async #cancel(reason) {
    this.disturbed = true;
    if (this.#state === "errored") throw this.#error;
    if (this.#state === "closed") return;
    this.#queue = []; this.closing = true; this.#settle();
    await this.#source.cancel?.(reason);
  }
  getReader() {
    if (this.locked) throw new TypeError("the stream is locked");
    const stream = this, done = Promise.withResolvers();
    done.promise.catch(() => {});
    if (this.#state === "closed") done.resolve();
    if (this.#state === "errored") done.reject(this.#error);
    const reader = {
      done, closed: done.promise,
      read() {
        if (stream.#reader !== reader) return Promise.reject(new TypeError("the lock was released"));
        stream.disturbed = true;
        if (stream.#queue.length) { const value = stream.#queue.shift(); stream.#settle(); stream.#pull(); return Promise.resolve({ value, done: false }); }
        if (stream.#state === "closed") return Promise.resolve({ value: undefined, done: true });
        if (stream.#state === "errored") return Promise.reject(stream.#error);
        const wait = Promise.withResolvers();
        stream.#waits.push(wait);
        stream.#started.then(() => stream.#pull());
        return wait.promise;
      },
      cancel: (reason) => stream.#cancel(reason),
      releaseLock() {
        stream.#reader = null;
        for (const wait of stream.#waits.splice(0)) wait.reject(new TypeError("the lock was released"));
      },
    };
    return (this.#reader = reader);
  }
  tee() {
    const reader = this.getReader(), queues = [[], []], ended = [false, false];
    let pulling = null;
    const branches = [0, 1].map((which) => new ReadableStream({
      pull: () => (pulling ??= reader.read().then(({ value, done }) => {
        pulling = null;
        branches.forEach((branch, i) => { if (!ended[i]) try { done ? branch.controller.close() : branch.controller.enqueue(value); } catch {} });
      }, (error) => { pulling = null; for (const branch of branches) branch.controller.error(error); })),
      cancel: (reason) => { ended[which] = true; if (ended[0] && ended[1]) return reader.cancel(reason); },
    }));
    return branches;
  }
  async *[Symbol.asyncIterator]() {
    const reader = this.getReader();
    for (let row = await reader.read(); !row.done; row = await reader.read()) yield row.value;
  }
  get [Symbol.toStringTag]() { return "ReadableStream"; }
}
const streamOf = (data) => new ReadableStream({
  start(controller) { if (data.length) controller.enqueue(bytes(data)); controller.close(); },
});

// What script hands over as a body: what the library is told, and what goes on the wire.
__realm.extract = (body) => {
  if (body instanceof Blob) return { kind: "blob", data: textOf(body), type: body.type };
  if (body instanceof FormData) {
    const rows = [...body].map(([name, value]) => (value instanceof Blob
      ? [name, { name: value.name, type: value.type, data: textOf(value) }] : [name, value]));
    return { kind: "form", data: rows };
  }
  if (body instanceof URLSearchParams) return { kind: "params", data: [...body] };
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { kind: "bytes", data: text(view(body)) };
  return { kind: "text", data: usv(body) };
};

// The mixin: `state` is { data: text or null, stream }; a stream is made when script looks at one.
__realm.mixBody = (proto, mimeType) => {
  const states = new WeakMap();
  const empty = { data: null };
  const stateOf = (it) => states.get(it) ?? empty;
  const streamFor = (state) => {
    if (state.data === null && !state.stream) return null;
    if (!state.stream) {
      state.stream = streamOf(state.data);
      if (state.used) { state.stream.disturbed = true; state.stream.cancel(); state.stream.getReader(); }
    }
    return state.stream;
  };
  const unusable = (state) => !!state.used || !!state.stream?.disturbed || !!state.stream?.locked;
  const consume = async (it, convert) => {
    if (!(it instanceof proto.constructor)) throw new TypeError("Illegal invocation");
    const state = stateOf(it);
    if (unusable(state)) throw new TypeError("body stream already read");
    if (state.error) throw state.error;
    let data = state.data ?? "";
    if (state.stream) {
      const reader = state.stream.getReader();
      data = "";
      for (let row = await reader.read(); !row.done; row = await reader.read()) {
        if (!(row.value instanceof Uint8Array)) throw new TypeError("a chunk is no Uint8Array");
        data += text(row.value);
      }
    } else if (state.data !== null) state.used = true;
    const signal = state.signal;
    if (signal?.aborted) throw signal.reason;
    if (state.ready) await Promise.race([state.ready, new Promise((_, reject) => signal?.steps.push(() => reject(signal.reason)))]);
    return convert(data);
  };
  const utf8 = (data) => bridge("decode", data, "utf-8", false, false);
  Object.assign(proto, {
    text() { return consume(this, utf8); },
    json() { return consume(this, (data) => JSON.parse(utf8(data))); },
    arrayBuffer() { return consume(this, (data) => bytes(data).buffer); },
    bytes() { return consume(this, bytes); },
    blob() { return consume(this, (data) => blobOf(data, bridge("mime_type", mimeType(this)))); },
    formData() {
      return consume(this, (data) => {
        const rows = bridge("parse_form", data, mimeType(this)), form = new FormData();
        for (const [name, value] of rows)
          form.append(name, typeof value === "string" ? value : new File([bytes(value.data)], value.name, { type: value.type }));
        return form;
      });
    },
  });
  for (const name of ["text", "json", "arrayBuffer", "bytes", "blob", "formData"])
    Object.defineProperty(proto[name], "name", { value: name });
  Object.defineProperties(proto, {
    bodyUsed: { enumerable: true, configurable: true, get() { const s = stateOf(this); return !!s.used || !!s.stream?.disturbed; } },
    body: { enumerable: true, configurable: true, get() { return streamFor(stateOf(this)); } },
  });
  return {
    stateOf, unusable,
    give: (it, state) => states.set(it, state),
    clone: (it) => {
      const state = stateOf(it);
      if (unusable(state)) throw new TypeError("body is used");
      if (!state.stream) return { ...state };
      const [a, b] = state.stream.tee();
      states.set(it, { ...state, stream: a });
      return { ...state, stream: b };
    },
  };
};
Object.assign(globalThis, { Blob, File, FormData, ReadableStream });
})();
