// The page around the app: opens it in its frame, and answers what it asks. Only the app's own frame is heard.
(() => {
  "use strict";

  const told = JSON.parse(document.getElementById("told").textContent);
  const frame = document.getElementById("app");
  const aside = document.querySelector("aside");
  const width = document.getElementById("width");
  const FIELD = /^ticket\.customField:custom_field_(\d+)$/;
  // What an app can get. Zendesk knows far more.
  const KNOWN = {
    "ticket.id": () => told.ticket.id,
    "ticket.status": () => document.getElementById("status").textContent,
    "ticket.subject": () => told.ticket.subject,
    "ticket.brand": () => ({ name: told.ticket.brand }),
    "ticket.requester": () => told.ticket.requester,
    "ticket.requester.id": () => told.ticket.requester.id,
    "ticket.requester.name": () => told.ticket.requester.name,
    "currentUser": () => told.agent,
    "currentUser.id": () => told.agent.id,
    "currentUser.name": () => told.agent.name,
    "currentUser.role": () => told.agent.role,
    "currentAccount.subdomain": () => told.subdomain,
  };
  const INVOKED = { resize, notify: (words) => console.info(words) };

  function got(path) {
    const field = FIELD.exec(path);
    if (!field) return KNOWN[path] && KNOWN[path]();
    const input = document.querySelector(`[data-field="${field[1]}"]`);
    return input ? input.value || null : undefined;
  }

  function get(paths) {
    const result = { errors: {} };
    for (const path of paths) {
      const value = got(path);
      if (value === undefined) result.errors[path] = { message: "No such Api", path }; // not confirmed
      else result[path] = value;
    }
    return result;
  }

  // A sidebar's width is the agent's to choose; its height is the app's.
  function resize({ height }) {
    frame.style.height = height;
  }

  function invoke(asked) {
    const result = { errors: {} };
    for (const [name, words] of Object.entries(asked)) {
      if (!INVOKED[name]) result.errors[name] = { message: "No such Api", path: name };
      else result[name] = INVOKED[name](...words);
    }
    return result;
  }

  function say(message) {
    frame.contentWindow.postMessage(JSON.stringify(message), told.origin);
  }

  function happen(name, message) {
    say({ key: `zaf.${name}`, message });
  }

  // Only to this origin, and as nobody: no agent is signed in to a sandbox's API.
  async function request(key, { url, type = "GET", data, headers = {} }) {
    let end = "fail";
    let answer = { status: 0, responseText: "" };
    try {
      const address = new URL(url, location.href);
      if (address.origin !== location.origin) throw new Error("the sandbox asks nobody else");
      const body = data && typeof data === "object" ? JSON.stringify(data) : data;
      const response = await fetch(address, { method: type, headers, body });
      const text = await response.text();
      answer = { status: response.status, responseText: text };
      if (response.ok) {
        end = "done";
        answer = (response.headers.get("content-type") || "").includes("json") ? JSON.parse(text) : text;
      }
    } catch (error) {
      answer = { status: 0, responseText: error.message };
    }
    happen(`${key}.${end}`, { responseArgs: [answer] });
  }

  function hear({ data, origin, source }) {
    if (!frame || source !== frame.contentWindow || origin !== told.origin) return;
    const asked = JSON.parse(data);
    if (asked.appGuid !== told.guid) return;
    if (asked.request === "get") say({ id: asked.id, result: get(asked.params) });
    else if (asked.request === "invoke") say({ id: asked.id, result: invoke(asked.params) });
    else if (asked.key === "iframe.handshake") happen("app.registered", { context: context(), metadata: { appId: 1, installationId: 1, settings: {} } });
    else if ((asked.key || "").startsWith("request:")) request(asked.key, asked.message);
  }

  function context() {
    return { product: "support", location: "ticket_sidebar", ticketId: told.ticket.id, account: { subdomain: told.subdomain }, instanceGuid: told.guid };
  }

  async function lookAgain() {
    const response = await fetch(told.conversation);
    document.getElementById("conversation").innerHTML = await response.text();
  }

  // The macro tags the ticket, as somebody who submits it would: the fields go with it as they stand on the page.
  async function applyMacro() {
    const order = { as: told.agent.id };
    for (const [name, field] of Object.entries(told.macroFields)) {
      const value = got(`ticket.customField:custom_field_${field}`);
      if (value) order[name] = value;
    }
    await fetch(told.macro, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order) });
    await lookAgain();
  }

  function widen() {
    aside.style.width = `${width.value}px`;
  }

  window.addEventListener("message", hear);
  width.addEventListener("input", widen);
  document.getElementById("again").addEventListener("click", lookAgain);
  document.getElementById("macro").addEventListener("click", applyMacro);
  widen(); // a browser that comes back keeps what was chosen
  if (frame) document.getElementById("opening").submit();
})();
