// What a page asks for by its elements, and what script hears of it: `load` or `error`, and little more.
"use strict";

window.elements = (() => {
  const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));

  // True for the event that says that something came, false for the one that says it did not.
  const heard = (target, good) => new Promise(done => {
    target.addEventListener(good, () => done(true), {once: true});
    target.addEventListener("error", () => done(false), {once: true});
  });

  function made(name, step, attributes) {
    const element = document.createElement(name);
    if (step.crossorigin) element.crossOrigin = step.crossorigin;
    if (step.integrity) element.integrity = step.integrity;
    return Object.assign(element, attributes);
  }

  async function inserted(element) {
    const loaded = heard(element, "load");
    document.head.append(element);
    return loaded;
  }

  function isTainted(drawn) {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.drawImage(drawn, 0, 0);
    try { canvas.getImageData(0, 0, 1, 1); } catch { return true; }
    return false;
  }

  async function image(step) {
    const element = made("img", step);
    const event = heard(element, "load");
    element.src = step.url;
    const loaded = await event;
    return loaded ? {loaded, tainted: isTainted(element)} : {loaded};
  }

  async function script(step) {
    let message;
    const listen = event => { message = event.message; event.preventDefault(); };
    addEventListener("error", listen);
    const loaded = await inserted(made("script", step, {src: step.url, type: step.type === "module" ? "module" : ""}));
    removeEventListener("error", listen);
    // Only a script that throws shows whether its errors are muted.
    return message === undefined ? {loaded} : {loaded, muted_errors: message === "Script error."};
  }

  async function stylesheet(step) {
    return {loaded: await inserted(made("link", step, {rel: "stylesheet", href: step.url}))};
  }

  async function font(step) {
    // Whether it can be decoded is another matter.
    try { await new FontFace("given", `url("${step.url}")`).load(); } catch { return {loaded: false}; }
    return {loaded: true};
  }

  async function media(step) {
    const element = made(step.element ?? "video", step, {preload: "auto", muted: true});
    const event = heard(element, "loadedmetadata");
    element.src = step.url;
    const loaded = await event;
    element.removeAttribute("src");
    element.load();
    return {loaded};
  }

  // A source stays for a later step in which it reconnects, until that step or the page is over.
  let source;
  async function event_source(step) {
    if (!step.reconnects) {
      source?.close();
      // Where the page's policy forbids it, it is made and fails, or is not made at all.
      try { source = new EventSource(step.url, {withCredentials: Boolean(step.with_credentials)}); } catch {
        return {loaded: false, events: []};
      }
    }
    const events = [];
    for (const name of ["message", "news"])
      source.addEventListener(name, event => events.push(`${event.type}: ${event.data}`));
    const loaded = await heard(source, "open");
    // What the answer holds comes right behind, and then its end.
    if (loaded) await Promise.race([new Promise(done => source.addEventListener("error", done, {once: true})), pause(300)]);
    if (!step.stays) source.close();
    return {loaded, events};
  }

  async function web_socket(step) {
    let socket;
    try { socket = new WebSocket(step.url, step.protocols ?? []); } catch { return {loaded: false}; }
    const loaded = await heard(socket, "open");
    const protocol = socket.protocol;
    socket.close();
    return {loaded, protocol};
  }

  async function worker(step) {
    let started;
    const options = {type: step.type ?? "classic", credentials: step.init.credentials ?? "same-origin"};
    try { started = new Worker(step.url, options); } catch { return {loaded: false}; }
    const loaded = await heard(started, "message");
    started.terminate();
    return {loaded};
  }

  async function beacon(step, body) {
    navigator.sendBeacon(step.url, body);
    await pause(400);
    return {loaded: false};
  }

  async function form(step) {
    const target = document.createElement("iframe");
    target.name = `form-${Math.random()}`;
    document.body.append(target);
    const element = made("form", {}, {
      action: step.url, method: step.init.method ?? "get", target: target.name,
      enctype: step.enctype ?? "application/x-www-form-urlencoded",
    });
    for (const [name, value] of step.fields ?? [])
      element.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    document.body.append(element);
    await pause(50);
    // Where the page's policy forbids it, it fails without a word, or says so here.
    try { HTMLFormElement.prototype.submit.call(element); } catch { return {loaded: false}; }
    await Promise.race([new Promise(done => target.addEventListener("load", done)), pause(3000)]);
    await pause(100);
    return {loaded: false};
  }

  return {image, script, stylesheet, font, media, event_source, web_socket, worker, beacon, form};
})();
