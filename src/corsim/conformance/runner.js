// The page at the top: takes batches of cases, opens each case's pages in frames, and posts what they saw.
"use strict";

const sleep = seconds => new Promise(done => setTimeout(done, seconds * 1000));
const state = document.getElementById("state");
const waiting = new Map();
let asked = 0;

// Frames of any origin answer by a number that only they were told.
addEventListener("message", event => {
  const done = waiting.get(event.data.answers);
  waiting.delete(event.data.answers);
  if (done) done(event.data.value);
});

function expectAnswer() {
  const number = ++asked;
  return [number, new Promise(done => waiting.set(number, done))];
}

// Pages that are kept for later cases, by where they are. What is kept has no case's address.
const kept = new Map();
const placeOf = page => JSON.stringify([page.src, page.sandbox, page.window]);

async function takePage(page) {
  return kept.get(placeOf(page))?.pop() ?? openPage({...page, at: ""});
}

function keepPage(page, opened) {
  if (!kept.has(placeOf(page))) kept.set(placeOf(page), []);
  kept.get(placeOf(page)).push(opened);
}

async function openPage(page) {
  const [number, ready] = expectAnswer();
  // The name of a frame or window reaches its script in every kind of page, data: URLs included.
  const name = JSON.stringify({ready: number, ...page});
  const opened = page.window ? openWindow(page.window, name) : openFrame(page, name);
  await ready;
  return opened;
}

function openFrame(page, name) {
  const frame = document.createElement("iframe");
  if (page.sandbox) frame.sandbox = "allow-scripts";
  frame.name = name;
  frame.src = page.src;
  document.body.append(frame);
  return {window: frame.contentWindow, close: () => frame.remove()};
}

function openWindow(url, name) {
  const opened = window.open(url, name);
  return {window: opened, close: () => opened?.close()};
}

async function runStep(page, step, base) {
  const [number, answer] = expectAnswer();
  page.window.postMessage({number, step, base}, "*");
  return answer;
}

async function runSteps(replay, pages, keeps) {
  const results = [];
  for (const [index, step] of replay.steps.entries()) {
    const page = replay.pages[step.page];
    pages[step.page] ||= await (keeps ? takePage(page) : openPage(page));
    if (step.after) await sleep(step.after);
    // The server has to know which fetch the requests that now come belong to.
    if (index) await fetch(`/__corsim__/step?id=${replay.id}&step=${index}`, {method: "POST"});
    results.push(await runStep(pages[step.page], step, keeps ? page.at : ""));
  }
  return {id: replay.id, results};
}

// Fetches that are under way together: all are started, and from then on the server says which of them moves.
async function runTogether(replay, pages) {
  const tell = (what, step) => fetch(`/__corsim__/${what}?id=${replay.id}&step=${step}`, {method: "POST"});
  const answers = [];
  for (const [index, step] of replay.steps.entries()) {
    pages[step.page] ||= await openPage(replay.pages[step.page]);
    await tell("step", index);
    const answer = runStep(pages[step.page], step);
    answers.push(answer.then(async value => { await tell("ended", index); return value; }));
    await tell("started", index);
  }
  await tell("go", 0);
  return {id: replay.id, results: await Promise.all(answers)};
}

async function runCase(replay, pages, keeps) {
  for (const url of replay.plant) await fetch(url, {mode: "no-cors", credentials: "include"});
  return replay.lane === "together" ? runTogether(replay, pages) : runSteps(replay, pages, keeps);
}

async function runReplay(replay, {timeout, keeps_pages: keeps}) {
  const pages = {};
  const late = sleep(timeout + replay.time).then(() => ({id: replay.id, late: true}));
  const outcome = await Promise.race([runCase(replay, pages, keeps), late]);
  for (const [number, page] of Object.entries(pages)) {
    if (keeps && !outcome.late) keepPage(replay.pages[number], page); else page.close();
  }
  return outcome;
}

async function runLane(replays, width, batch) {
  const left = [...replays];
  const worker = async () => {
    while (left.length) {
      const outcome = await runReplay(left.shift(), batch);
      await fetch("/__corsim__/result", {method: "POST", body: JSON.stringify(outcome)});
    }
  };
  await Promise.all(Array.from({length: width}, worker));
}

// A redirect that needs a preflight holds one of a host's six connections while it asks for another:
// those go four at a time, and when nothing else does.
async function runLanes(replays, batch) {
  const lane = name => replays.filter(replay => replay.lane === name);
  const waits = runLane(lane("waits"), 64, batch);
  await runLane(lane("plain"), 8, batch);
  await runLane(lane("redirects"), 4, batch);
  await waits;
  // Behind a window the page's own clock is slow, which those that wait would not survive.
  await runLane(lane("windows"), 2, batch);
  await runLane(lane("together"), 1, batch);
  // What empties the browser's caches does so for everybody.
  await runLane(lane("alone"), 1, batch);
}

// Where the console is listened to, one at a time: most of its lines don't say whose they are.
async function runBatch(batch) {
  const listenedTo = replay => replay.steps.some(step => step.marks);
  await runLanes(batch.replays.filter(replay => !listenedTo(replay)), batch);
  await runLane(batch.replays.filter(listenedTo), 1, batch);
}

// What the browser can do is found out in a frame over https. Where there is none, nothing of it is known.
async function findAbilities() {
  const here = mayOpenWindows() ? ["windows"] : [];
  if (await hasHttpCache()) here.push("http cache");
  const {page, ...urls} = await (await fetch("/__corsim__/abilities", {cache: "no-store"})).json();
  if (!page) return here;
  const frame = document.createElement("iframe");
  const [number, answer] = expectAnswer();
  frame.name = JSON.stringify({ready: number, ...urls});
  frame.src = page;
  document.body.append(frame);
  const able = await Promise.race([answer, sleep(5).then(() => [])]);
  frame.remove();
  document.getElementById("untrusted").hidden = able.includes("https");
  return [...here, ...able];
}

// A page may remember for itself what it has loaded; but only who has an HTTP cache asks about what is in it.
async function hasHttpCache() {
  const ask = async () => (await fetch("/__corsim__/kept")).text();
  await ask();
  return await ask() === "asked about";
}

function mayOpenWindows() {
  const opened = window.open("about:blank");
  opened?.close();
  return Boolean(opened);
}

async function main() {
  const able = await findAbilities();
  for (let generation = 0; ;) {
    const asking = `/__corsim__/batch?after=${generation}&able=${able}`;
    const batch = await (await fetch(asking, {cache: "no-store"})).json();
    if (batch.over) break;
    generation = batch.generation;
    state.textContent = `Running ${batch.replays.length} cases.`;
    await runBatch(batch);
    state.textContent = "Waiting for cases.";
  }
  state.textContent = "All cases have been run: you may close this page.";
}

main().catch(error => { state.textContent = `The page broke: ${error}`; });
