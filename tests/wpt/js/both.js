// What pages and workers both have, beyond asking: readers of files, event sources, workers.
"use strict";
(() => {
const { bridge, later, handler, usv } = __realm;
const clone = (data) => JSON.parse(JSON.stringify({ data: data === undefined ? null : data })).data;
class FileReader extends EventTarget {
  readyState = 0; result = null; error = null;
  #read(convert) {
    this.readyState = 1;
    setTimeout(async () => { this.result = await convert(); this.readyState = 2; for (const type of ["load", "loadend"]) this.dispatchEvent(new ProgressEvent(type)); });
  }
  readAsText(blob) { this.#read(() => blob.text()); }
  readAsArrayBuffer(blob) { this.#read(() => blob.arrayBuffer()); }
  readAsDataURL(blob) { this.#read(() => `data:${blob.type};base64,${btoa(__realm.textOf(blob))}`); }
}
handler(FileReader.prototype, "load", "loadend", "error");
globalThis.FileReader = FileReader;
class EventSource extends EventTarget {
  constructor(url, init = {}) {
    super();
    this.url = bridge("parse_url", usv(url), bridge("document_base")).href;
    this.readyState = 0; this.withCredentials = !!init.withCredentials;
    bridge("event_source", later((row) => {
      if (this.readyState === 2) return;
      this.readyState = row.loaded ? 1 : 2;
      this.dispatchEvent(new Event(row.loaded ? "open" : "error"));
      for (const [type, data, id] of row.events ?? []) this.dispatchEvent(Object.assign(new MessageEvent(type, { data, origin: new URL(this.url).origin }), { lastEventId: id }));
    }), this.url, this.withCredentials);
  }
  close() { this.readyState = 2; }
}
handler(EventSource.prototype, "open", "error", "message");
globalThis.EventSource = EventSource;

const workers = new Map();
class Worker extends EventTarget {
  #id;
  constructor(url) {
    super();
    this.#id = bridge("worker", later((loaded) => { if (!loaded) this.dispatchEvent(new ErrorEvent("error", { message: "the script did not load" })); }), usv(url));
    workers.set(this.#id, this);
  }
  postMessage(data) { bridge("post_to_worker", this.#id, clone(data)); }
  terminate() { bridge("close", this.#id); workers.delete(this.#id); }
}
handler(Worker.prototype, "message", "error", "messageerror");
__realm.fromWorker = ({ worker, data }) => workers.get(worker)?.dispatchEvent(new MessageEvent("message", { data }));
globalThis.Worker = Worker;
})();
