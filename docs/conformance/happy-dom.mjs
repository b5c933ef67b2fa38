// happy-dom's fetch() and XMLHttpRequest, as they come: no setting is changed.
import {Browser} from "happy-dom";
import {addressOf, answerCases, callFetch, callXhr} from "./adapter.mjs";

answerCases({
  newWorld: () => new Browser(),
  open(page, browser) {
    const opened = browser.newPage();
    opened.url = addressOf(page);
    opened.content = `<meta name="referrer" content="${page.referrer_policy}">`;
    return opened.mainFrame.window;
  },
  call: (window, step) => (step.api === "xhr" ? callXhr : callFetch)(window, step),
  close: browser => browser.close(),
});
