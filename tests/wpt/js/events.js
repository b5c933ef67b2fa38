// Events, timers and abort signals. What needs the library goes through bridge(name, ...arguments).
"use strict";
(() => {
const raw = __bridge;
delete globalThis.__bridge;
const realm = { window: globalThis };
globalThis.__realm = realm;

const THROWN = { TypeError, RangeError, SyntaxError: null };
realm.bridge = (name, ...args) => {
  const answer = JSON.parse(raw(name, JSON.stringify(args)));
  if (answer.thrown === undefined) return answer.value;
  const make = THROWN[answer.thrown];
  throw make ? new make(answer.message) : new DOMException(answer.message, answer.thrown);
};

// What arrives later: Python keeps the number, and calls realm.arrive with it.
const waiting = new Map();
let serial = 0;
realm.later = (callback) => { waiting.set(++serial, callback); return serial; };
realm.forget = (id) => waiting.delete(id);
realm.arrive = (id, text) => {
  const callback = waiting.get(id);
  if (!callback) return;
  if (!callback.stays) waiting.delete(id);
  try { callback(text === "" ? undefined : JSON.parse(text)); } catch (error) { realm.reportError(error); }
};
let reporting = false; // what throws while it hears of an error is not heard of itself
realm.reportError = (error) => {
  if (reporting) return;
  reporting = true;
  const event = new ErrorEvent("error", { message: String(error && error.message), error, cancelable: true });
  try { globalThis.dispatchEvent(event); } finally { reporting = false; }
};

globalThis.setTimeout = (callback, ms = 0, ...args) => {
  const run = typeof callback === "function" ? () => callback(...args) : () => (0, eval)(String(callback));
  const id = realm.later(run);
  realm.bridge("timer", id, Math.max(0, Number(ms) || 0));
  return id;
};
globalThis.setInterval = (callback, ms = 0, ...args) => {
  let id;
  const run = () => { realm.bridge("timer", id, Math.max(1, Number(ms) || 0)); callback(...args); };
  run.stays = true;
  id = realm.later(run);
  realm.bridge("timer", id, Math.max(1, Number(ms) || 0));
  return id;
};
globalThis.clearTimeout = globalThis.clearInterval = (id) => { realm.forget(id); };
globalThis.requestAnimationFrame = (callback) => setTimeout(() => callback(performance.now()), 16);
Object.defineProperty(globalThis, "performance", { configurable: true, value: {
  now: () => realm.bridge("now") * 1000, timeOrigin: 0, getEntriesByType: () => [], getEntriesByName: () => [],
  getEntries: () => [], mark() {}, measure() {},
} });
Date.now = () => Math.floor(realm.bridge("date") * 1000);
globalThis.console = { log: (...a) => realm.bridge("log", a.map(String).join(" ")) };
for (const name of ["warn", "error", "info", "debug"]) console[name] = console.log;

class Event {
  constructor(type, init = {}) {
    if (arguments.length === 0) throw new TypeError("a type is needed");
    this.type = String(type);
    this.bubbles = !!init.bubbles; this.cancelable = !!init.cancelable; this.composed = !!init.composed;
    this.target = this.currentTarget = null;
    this.defaultPrevented = false; this.eventPhase = 0; this.isTrusted = false;
    this.timeStamp = performance.now();
  }
  preventDefault() { if (this.cancelable) this.defaultPrevented = true; }
  stopPropagation() { this.stopped = true; }
  stopImmediatePropagation() { this.stopped = this.stoppedNow = true; }
  composedPath() { return this.target ? [this.target] : []; }
  get srcElement() { return this.target; }
  get [Symbol.toStringTag]() { return this.constructor.name; }
}
class CustomEvent extends Event { constructor(t, i = {}) { super(t, i); this.detail = i.detail ?? null; } }
class ErrorEvent extends Event {
  constructor(t, i = {}) {
    super(t, i);
    Object.assign(this, { message: i.message ?? "", filename: "", lineno: 0, colno: 0, error: i.error ?? null });
  }
}
class MessageEvent extends Event {
  constructor(t, i = {}) {
    super(t, i);
    Object.assign(this, { data: i.data ?? null, origin: i.origin ?? "", source: i.source ?? null, ports: i.ports ?? [], lastEventId: "" });
  }
}
const whole = (value) => {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? Math.trunc(number) : 0;
};
class ProgressEvent extends Event {
  #init;
  constructor(type, init = {}) {
    super(...(arguments.length ? [type, init] : []));
    this.#init = { c: !!init.lengthComputable, l: whole(init.loaded), t: whole(init.total) };
  }
  get lengthComputable() { return this.#init.c; }
  get loaded() { return this.#init.l; }
  get total() { return this.#init.t; }
}

class EventTarget {
  #listeners = [];
  #handlers = new Map();
  addEventListener(type, callback, options) {
    if (callback == null) return;
    const capture = typeof options === "boolean" ? options : !!options?.capture;
    if (this.#listeners.some((l) => l.type === type && l.callback === callback && l.capture === capture)) return;
    const listener = { type: String(type), callback, capture, once: !!options?.once };
    this.#listeners.push(listener);
    options?.signal?.addEventListener("abort", () => this.removeEventListener(type, callback, options));
  }
  removeEventListener(type, callback, options) {
    const capture = typeof options === "boolean" ? options : !!options?.capture;
    const gone = this.#listeners.find((l) => l.type === type && l.callback === callback && l.capture === capture);
    if (gone) { gone.removed = true; this.#listeners = this.#listeners.filter((l) => l !== gone); }
  }
  dispatchEvent(event) {
    event.target ??= this;
    event.currentTarget = this;
    for (const listener of [...this.#listeners]) {
      if (listener.type !== event.type || listener.removed) continue;
      if (listener.once) this.removeEventListener(listener.type, listener.callback, listener.capture);
      try {
        if (typeof listener.callback === "function") listener.callback.call(this, event);
        else listener.callback.handleEvent(event);
      } catch (error) { if (this === globalThis && event.type === "error") break; realm.reportError(error); }
      if (event.stoppedNow) break;
    }
    event.currentTarget = null;
    return !event.defaultPrevented;
  }
  static handler(proto, ...types) {
    for (const type of types) {
      Object.defineProperty(proto, "on" + type, {
        configurable: true, enumerable: true,
        get() { return this.#handlers.get(type)?.current ?? null; },
        set(value) {
          const callable = typeof value === "function" || (typeof value === "object" && value !== null) ? value : null;
          let known = this.#handlers.get(type);
          if (known && callable === null) {
            this.removeEventListener(type, known);
            this.#handlers.delete(type);
          } else if (known) known.current = callable;
          else if (callable) {
            known = function (event) {
              if (typeof known.current !== "function") return;
              const error = event.type === "error" && this === globalThis;
              const answer = error ? known.current(event.message, "", 0, 0, event.error) : known.current.call(this, event);
              if (answer === false || (error && answer === true)) event.preventDefault();
            };
            known.current = callable;
            this.#handlers.set(type, known);
            this.addEventListener(type, known);
          }
        },
      });
    }
  }
  get hasListeners() { return this.#listeners.length > 0; }
}
delete EventTarget.prototype.handleEvent;
const hasListeners = Object.getOwnPropertyDescriptor(EventTarget.prototype, "hasListeners").get;
delete EventTarget.prototype.hasListeners;
realm.hasListeners = (target) => hasListeners.call(target);
realm.handler = EventTarget.handler;
delete EventTarget.handler;

const own = Symbol("made by a controller");
class AbortSignal extends EventTarget {
  #reason; #aborted = false; #followers = [];
  constructor(key) { if (key !== own) throw new TypeError("Illegal constructor"); super(); }
  get aborted() { return this.#aborted; }
  get reason() { return this.#reason; }
  throwIfAborted() { if (this.#aborted) throw this.#reason; }
  static abort(reason) { const signal = new AbortSignal(own); signal.#abort(reason); return signal; }
  static timeout(ms) {
    const signal = new AbortSignal(own);
    setTimeout(() => signal.#abort(new DOMException("timed out", "TimeoutError")), ms);
    return signal;
  }
  static any(signals) {
    const signal = new AbortSignal(own);
    for (const source of signals) source.follow(signal);
    return signal;
  }
  follow(signal) {
    if (this.#aborted) signal.#abort(this.#reason);
    else this.#followers.push(signal);
  }
  #abort(reason = new DOMException("The operation was aborted.", "AbortError")) {
    if (this.#aborted) return;
    this.#aborted = true; this.#reason = reason;
    for (const step of this.steps) step();
    this.dispatchEvent(Object.assign(new Event("abort"), { isTrusted: true }));
    for (const follower of this.#followers) follower.#abort(reason);
  }
  steps = [];
  static abortOf(signal, reason) { signal.#abort(reason); }
}
const abortOf = AbortSignal.abortOf;
delete AbortSignal.abortOf;
realm.handler(AbortSignal.prototype, "abort");
class AbortController {
  signal = new AbortSignal(own);
  abort(reason) { abortOf(this.signal, reason); }
}
realm.newSignal = () => new AbortSignal(own);

Object.assign(globalThis, { Event, CustomEvent, ErrorEvent, MessageEvent, ProgressEvent, EventTarget, AbortController, AbortSignal });
const target = new EventTarget();
for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"])
  globalThis[name] = (...args) => target[name](...args);
for (const type of ["error", "load", "message", "unhandledrejection"]) {
  let current = null;
  const listener = (event) => {
    if (typeof current !== "function") return;
    const answer = type === "error" ? current(event.message, "", 0, 0, event.error) : current.call(globalThis, event);
    if (type === "error" && answer === true) event.preventDefault();
  };
  Object.defineProperty(globalThis, "on" + type, { configurable: true, get: () => current,
    set(value) { if (!current) target.addEventListener(type, listener); current = value; } });
}
})();
