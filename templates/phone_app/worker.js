// Keeps the app's files on the telephone, so that it opens without network; a new version replaces the old one.
"use strict";

const VERSION = {{ version|tojson }};
const FILES = {{ files|tojson }};
const PREFIX = "traces-phone-app-";

self.addEventListener("install", (event) => {
  const fresh = FILES.map((path) => new Request(path, { credentials: "omit" }));
  event.waitUntil(caches.open(PREFIX + VERSION).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => {
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX + VERSION);
    return Promise.all(old.map((name) => caches.delete(name)));
  }).then(() => self.clients.claim()));
});

// Calls go to the portal and nowhere else; everything of the app comes from here, whatever the network does.
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || pathname.startsWith("/app/api/")) return;
  const kept = caches.open(PREFIX + VERSION).then((cache) => cache.match(event.request, { ignoreVary: true }));
  event.respondWith(kept.then((found) => found || fetch(event.request)));
});
