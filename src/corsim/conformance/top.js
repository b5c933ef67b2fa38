// A top-level page with the page of a case in a frame: passes on what the runner and that page say.
"use strict";

const given = JSON.parse(window.name);
const frame = document.createElement("iframe");
addEventListener("message", event => {
  const other = event.source === opener ? frame.contentWindow : opener;
  other.postMessage(event.data, "*");
});
if (given.sandbox) frame.sandbox = "allow-scripts";
frame.name = window.name;
frame.src = given.src;
document.documentElement.append(frame);
