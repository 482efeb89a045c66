// The sidebar's one script: the ticket's own fields come into the form, the frame is as high as its page, one press sends
// a form once, and the context can be copied. All that it looks up, the server does.
(() => {
  "use strict"
  const PATIENCE = 10000 // for Zendesk's script; then the page says where it belongs
  const byId = (id) => document.getElementById(id)
  const say = (words) => { byId("status").textContent = words }

  // What an agent sent is answered elsewhere. What Zendesk opens by itself, an error too, must not take the keyboard from
  // somebody who writes a reply beside it.
  const focusOnNews = () => {
    if (location.pathname === "/sidebar") return
    const news = document.querySelector("[data-focus]")
    if (news && !news.closest("[hidden]")) news.focus()
  }

  // Not by `disabled`: a button that is disabled is not sent, and loses the focus.
  const sendOnce = () => {
    let isSent = false
    const mark = (is) => {
      isSent = is
      for (const one of document.querySelectorAll("button[type=submit]")) one.setAttribute("aria-disabled", String(is))
    }
    document.addEventListener("submit", (event) => {
      if (isSent) return event.preventDefault()
      mark(true)
      say(event.target.dataset.busy || "")
    })
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return
      mark(false)
      say("")
    })
  }

  const copyBySelecting = (text) => {
    text.hidden = false
    text.select()
    return document.execCommand("copy")
  }

  const copyByPermission = async (text) => {
    try {
      await navigator.clipboard.writeText(text.value)
      return true
    } catch {
      return false
    }
  }

  // The old way first: frames often lack the permission for the clipboard, and asking for it all the same is a fault that
  // browsers report. At last, the agent's own hands.
  const offerCopy = () => {
    const button = byId("copy")
    const text = byId("copied")
    if (!button) return
    button.hidden = false
    button.addEventListener("click", async () => {
      say("")
      const isDone = copyBySelecting(text) || (await copyByPermission(text))
      text.hidden = isDone
      if (isDone) button.focus()
      say(isDone ? "Copied" : "Copy the selected text yourself: Ctrl and C")
    })
  }

  const fitFrame = (client) => {
    let last = 0
    const fit = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height)
      if (height === last) return
      last = height
      client.invoke("resize", { width: "100%", height: `${height}px` })
    }
    fit()
    new ResizeObserver(fit).observe(document.body)
  }

  const fillIn = async (client) => {
    const places = [...document.querySelectorAll("[data-fills]")]
    const said = await client.get(["ticket.id", ...places.map((place) => place.dataset.from)])
    const ticket = said["ticket.id"]
    if (!ticket) return sayOutside("Support Bridge works on a ticket that has a number. Submit this one first.")
    document.querySelector("#inside [name=ticket]").value = ticket
    for (const place of places) {
      const value = said[place.dataset.from]
      const field = byId(place.dataset.fills)
      if (value && !field.value) field.value = value
    }
    byId("outside").hidden = true
    byId("inside").hidden = false
  }

  const sayOutside = (words) => {
    const place = byId("outside-words")
    if (place) place.textContent = words
  }

  const begin = () => {
    const client = window.ZAFClient && window.ZAFClient.init()
    if (!client) return sayOutside("This must be opened in Zendesk, beside a ticket.")
    fitFrame(client)
    if ("waitsForTicket" in document.body.dataset) {
      fillIn(client).catch(() => sayOutside("Zendesk did not say which ticket this is. Select Reload all apps at the top of the apps panel."))
    }
  }

  const whenZendeskIsThere = () => {
    if (window.ZAFClient) return begin()
    let hasBegun = false
    const once = () => {
      if (!hasBegun) begin()
      hasBegun = true
    }
    const sdk = byId("zendesk-sdk")
    sdk.addEventListener("load", once)
    sdk.addEventListener("error", once)
    setTimeout(() => { if (!window.ZAFClient) begin() }, PATIENCE)
  }

  focusOnNews()
  sendOnce()
  offerCopy()
  whenZendeskIsThere()
})()
