// A worker that makes calls as a page does: the scripts of a page come behind this, and find what they ask for.
"use strict";

self.window = self;
self.opener = null;
self.parent = {postMessage: value => self.postMessage(value)};
self.document = {createElement: () => ({}), head: {append() {}}};
