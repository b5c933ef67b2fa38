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

async function openPage(page) {
  const frame = document.createElement("iframe");
  const [number, ready] = expectAnswer();
  if (page.sandbox) frame.sandbox = "allow-scripts";
  // The frame's name reaches its script in every kind of page, data: URLs included.
  frame.name = JSON.stringify({ready: number, at: page.at});
  frame.src = page.src;
  document.body.append(frame);
  await ready;
  return frame;
}

async function runStep(frame, step) {
  const [number, answer] = expectAnswer();
  frame.contentWindow.postMessage({number, step}, "*");
  return answer;
}

async function runSteps(replay, frames) {
  const results = [];
  for (const [index, step] of replay.steps.entries()) {
    frames[step.page] ||= await openPage(replay.pages[step.page]);
    if (step.after) await sleep(step.after);
    // The server has to know which fetch the requests that now come belong to.
    if (index) await fetch(`/__corsim__/step?id=${replay.id}&step=${index}`, {method: "POST"});
    results.push(await runStep(frames[step.page], step));
  }
  return {id: replay.id, results};
}

async function runReplay(replay, timeout) {
  const frames = {};
  const time = timeout + replay.steps.reduce((sum, step) => sum + step.after, 0);
  const late = sleep(time).then(() => ({id: replay.id, late: true}));
  const outcome = await Promise.race([runSteps(replay, frames), late]);
  for (const frame of Object.values(frames)) frame.remove();
  return outcome;
}

async function runLane(replays, width, timeout) {
  const left = [...replays];
  const worker = async () => {
    while (left.length) {
      const outcome = await runReplay(left.shift(), timeout);
      await fetch("/__corsim__/result", {method: "POST", body: JSON.stringify(outcome)});
    }
  };
  await Promise.all(Array.from({length: width}, worker));
}

// A redirect that needs a preflight holds one of a host's six connections while it asks for another:
// those go four at a time, and when nothing else does.
async function runBatch(batch) {
  // Where the console is listened to, one at a time: most of its lines don't say whose they are.
  if (batch.listened) return runLane(batch.replays, 1, batch.timeout);
  const lane = name => batch.replays.filter(replay => replay.lane === name);
  const waits = runLane(lane("waits"), 16, batch.timeout);
  await runLane(lane("plain"), 8, batch.timeout);
  await runLane(lane("redirects"), 4, batch.timeout);
  await waits;
  // What empties the browser's caches does so for everybody.
  await runLane(lane("alone"), 1, batch.timeout);
}

async function main() {
  for (let generation = 0; ;) {
    const batch = await (await fetch(`/__corsim__/batch?after=${generation}`, {cache: "no-store"})).json();
    if (batch.over) break;
    generation = batch.generation;
    state.textContent = `Running ${batch.replays.length} cases.`;
    await runBatch(batch);
    state.textContent = "Waiting for cases.";
  }
  state.textContent = "All cases have been run: you may close this page.";
}

main().catch(error => { state.textContent = `The page broke: ${error}`; });
