// A stand-in for Zendesk's script for apps, version 2, as far as an app in a ticket's sidebar uses it. The messages
// between the frame and the page around it are those of the real one, so that either can speak with either.
(() => {
  "use strict";

  const PATIENCE = 5000; // milliseconds after which an invocation is given up; what is got is waited for, as in the real one
  const PREFIX = "zaf.";

  class Client {
    constructor(origin, guid) {
      this.origin = origin;
      this.guid = guid;
      this.handlers = new Map();
      this.pending = new Map();
      this.unsent = [];
      this.number = 0;
      this.registered = new Promise((resolve) => { this.enter = resolve; });
      window.addEventListener("message", (event) => this.hear(event));
      this.post({ key: "iframe.handshake", message: { version: "sandbox" } }, true);
    }

    on(name, handler) {
      const found = this.handlers.get(name) || [];
      this.handlers.set(name, [...found, handler]);
      if (name !== "app.registered") this.post({ key: `iframe.on:${name}`, message: { subscriberCount: found.length + 1 } });
    }

    off(name, handler) {
      const left = (this.handlers.get(name) || []).filter((one) => one !== handler);
      this.handlers.set(name, left);
      this.post({ key: `iframe.off:${name}`, message: { subscriberCount: left.length } });
    }

    has(name, handler) {
      return (this.handlers.get(name) || []).includes(handler);
    }

    // One path: rejects for an error of that path. Several: resolves, and `errors` says which failed.
    get(paths) {
      const several = Array.isArray(paths) ? paths : [paths];
      if (arguments.length > 1 || several.some((path) => typeof path !== "string")) {
        throw new Error("The get method accepts a string or array of strings.");
      }
      return this.ask("get", several).then((result) => single(paths, result));
    }

    invoke(name, ...words) {
      if (typeof name !== "string") throw new Error("Invoke only supports string arguments.");
      return this.ask("invoke", { [name]: words }, PATIENCE).then((result) => single(name, result));
    }

    request(options) {
      const key = `request:${++this.number}`;
      return new Promise((resolve, reject) => {
        this.on(`${key}.done`, (told) => resolve(told.responseArgs[0]));
        this.on(`${key}.fail`, (told) => reject(told.responseArgs[0]));
        this.post({ key, message: typeof options === "string" ? { url: options } : options });
      });
    }

    context() {
      return this.registered.then((told) => told.context);
    }

    metadata() {
      return this.registered.then((told) => told.metadata);
    }

    ask(request, params, patience) {
      const id = ++this.number;
      return new Promise((resolve, reject) => {
        const timer = patience && setTimeout(() => this.settle(id, { error: { message: "Invocation request timeout" } }), patience);
        this.pending.set(id, { resolve, reject, timer });
        this.post({ id, request, params });
      });
    }

    settle(id, told) {
      const { resolve, reject, timer } = this.pending.get(id);
      this.pending.delete(id);
      clearTimeout(timer);
      if (told.error) reject(failure(told.error));
      else resolve(told.result);
    }

    // What is said before the page around it has answered the handshake waits for that.
    post(message, atOnce = false) {
      if (!atOnce && !this.ready) {
        this.unsent.push(message);
        return;
      }
      const addressed = { ...message, appGuid: this.guid, instanceGuid: this.guid };
      window.parent.postMessage(JSON.stringify(addressed), this.origin);
    }

    hear(event) {
      if (event.origin !== this.origin || event.source !== window.parent) return;
      const told = parsed(event.data);
      if (told.id && this.pending.has(told.id)) this.settle(told.id, told);
      else if (typeof told.key === "string" && told.key.startsWith(PREFIX)) this.happen(told.key.slice(PREFIX.length), told.message);
    }

    happen(name, message) {
      if (name === "app.registered") {
        this.ready = true;
        this.enter(message);
        this.unsent.splice(0).forEach((unsent) => this.post(unsent));
      }
      (this.handlers.get(name) || []).forEach((handler) => handler(message));
    }
  }

  function single(asked, result) {
    const error = typeof asked === "string" && result.errors && result.errors[asked];
    if (error) throw failure(error);
    return result;
  }

  function failure(error) {
    return Object.assign(new Error(error.path ? `"${error.path}" ${error.message}` : error.message), { name: error.name || "Error" });
  }

  function parsed(data) {
    try {
      return (typeof data === "string" ? JSON.parse(data) : data) || {};
    } catch {
      return {};
    }
  }

  window.ZAFClient = {
    // False where no page of Zendesk's is around it: its address says which one is.
    init(callback) {
      const asked = new URLSearchParams(window.location.search);
      if (!asked.get("origin") || !asked.get("app_guid")) return false;
      const client = new Client(asked.get("origin"), asked.get("app_guid"));
      if (typeof callback === "function") client.on("app.registered", (told) => callback.call(client, told.context));
      return client;
    },
  };
})();
