// The global object of a worker.
"use strict";
(() => {
const { bridge, handler, usv } = __realm;
const clone = (data) => JSON.parse(JSON.stringify({ data: data === undefined ? null : data })).data;
delete XMLHttpRequest.prototype.responseXML;
class WorkerGlobalScope { static [Symbol.hasInstance](it) { return it === globalThis; } }
class DedicatedWorkerGlobalScope extends WorkerGlobalScope {}
class WorkerLocation {}
const location = new WorkerLocation();
for (const name of ["protocol", "host", "hostname", "port", "pathname", "search", "hash", "origin", "href"])
  Object.defineProperty(location, name, { enumerable: true, get: () => bridge("parse_url", bridge("document_url"), null)[name] });
location.toString = () => location.href;
const { origin, secure, agent } = bridge("surroundings");
Object.assign(globalThis, {
  self: globalThis, name: "", origin, isSecureContext: secure, location, navigator: { userAgent: agent, language: "en-US", onLine: true },
  WorkerGlobalScope, DedicatedWorkerGlobalScope, WorkerLocation,
  postMessage(data) { bridge("post_to_page", clone(data)); },
  importScripts(...urls) { for (const url of urls) bridge("import_script", usv(url)); },
  close() { bridge("close_self"); },
});
__realm.message = (data) => globalThis.dispatchEvent(new MessageEvent("message", { data }));
globalThis.GLOBAL = { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false };
})();
