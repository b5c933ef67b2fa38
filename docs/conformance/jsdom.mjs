// jsdom's XMLHttpRequest. It has no fetch(): what a fetch() asks for is asked by XMLHttpRequest where
// that can be said, and otherwise left out.
import {JSDOM} from "jsdom";
import {addressOf, answerCases, callXhr, Unsupported} from "./adapter.mjs";

// What XMLHttpRequest always does; anything else has no words there.
const FIXED = {mode: "cors", redirect: "follow", cache: "default"};

function asXhr(step) {
  const {init} = step;
  for (const [name, value] of Object.entries(FIXED))
    if ((init[name] ?? value) !== value) throw new Unsupported(`XMLHttpRequest has no ${name}: "${init[name]}"`);
  for (const name of ["referrer", "referrerPolicy"])
    if (name in init) throw new Unsupported(`XMLHttpRequest has no ${name}`);
  const credentials = init.credentials ?? "same-origin";
  if (!["same-origin", "include"].includes(credentials))
    throw new Unsupported(`XMLHttpRequest has no credentials: "${credentials}"`);
  // Where the two are meant to differ: fetch() sends equal names one by one, and refuses what follows.
  const names = (init.headers ?? []).map(([name]) => name.toLowerCase());
  if (new Set(names).size < names.length) throw new Unsupported("XMLHttpRequest joins headers of one name");
  if (step.body && /^(get|head)$/i.test(init.method ?? "GET"))
    throw new Unsupported("XMLHttpRequest drops the body of a GET");
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(step.url)) throw new Unsupported("XMLHttpRequest takes a user's name in a URL");
  return {...step, with_credentials: credentials === "include"};
}

answerCases({
  newWorld: () => [],
  open(page, opened) {
    const html = `<meta name="referrer" content="${page.referrer_policy}">`;
    const dom = new JSDOM(html, {url: addressOf(page)});
    opened.push(dom);
    return dom.window;
  },
  call: (window, step) => callXhr(window, step.api === "xhr" ? step : asXhr(step)),
  close: opened => opened.forEach(dom => dom.window.close()),
});
