// A frame over https: finds out what this browser can do, before cases depend on it.
"use strict";

(async () => {
  const {ready, insecure, cookies} = JSON.parse(window.name);
  const textOf = async (url, init) => {
    try { return await (await fetch(url, init)).text(); } catch { return ""; }
  };
  const able = ["https"];  // or this script would not run
  if (await textOf(insecure) === "here") able.push("insecure");
  // The first answer sets a cookie, the second says whether it came back.
  await textOf(cookies, {credentials: "include"});
  if (await textOf(cookies, {credentials: "include"}) === "cookie") able.push("cookies");
  parent.postMessage({answers: ready, value: able}, "*");
})();
