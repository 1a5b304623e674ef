// Small things every view is made of.

/** An element: h("p", { class: "quiet" }, "text", child). Functions become listeners, other values attributes. */
export const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return element;
};

let last = 0;

export const field = (label, props, help) => {
  const id = `f${++last}`;
  const input = h("input", { id, name: props.name, required: true, spellcheck: "false", autocapitalize: "none", "aria-describedby": help && `${id}-help`, ...props });
  const control = props.type === "password" ? h("div", { class: "secret" }, input, reveal(input)) : input;
  return h("div", { class: "tight" }, h("label", { for: id }, label), control, help && h("p", { class: "quiet", id: `${id}-help` }, help));
};

const reveal = (input) => {
  const button = h("button", { type: "button", class: "small", "aria-pressed": "false", "aria-label": "Show password" }, "Show");
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? "Show" : "Hide";
    button.setAttribute("aria-pressed", String(!shown));
  });
  return button;
};

export const codeField = (label = "Code", help = undefined) =>
  field(label, { name: "code", class: "digits", inputmode: "numeric", autocomplete: "one-time-code", maxlength: "10", pattern: "[0-9 ]{6,10}" }, help);

/** What went wrong, to be put where it is seen and focused. */
export const alert = (text) => h("p", { class: "alert", tabindex: "-1" }, h("span", { "aria-hidden": "true" }, "⚠"), h("span", {}, text));

/**
 * A form: fields, one primary button, quieter ways on. `submit` gets the values; what it throws is shown, focus goes there, and nothing typed is lost.
 */
export const form = ({ fields, button, busy, submit, explain, more = [] }) => {
  const primary = h("button", { class: "primary" }, button);
  const place = h("div", { "aria-live": "assertive" });
  const onsubmit = async (event) => {
    event.preventDefault();
    if (primary.getAttribute("aria-disabled")) return;
    primary.setAttribute("aria-disabled", "true");
    primary.textContent = busy;
    place.replaceChildren();
    try {
      await submit(Object.fromEntries(new FormData(element)));
    } catch (error) {
      const said = alert(explain(error));
      place.replaceChildren(said);
      said.focus();
    } finally {
      primary.removeAttribute("aria-disabled");
      primary.textContent = button;
    }
  };
  const element = h("form", { class: "stack", submit: onsubmit }, place, fields, primary, more);
  return element;
};

/** Claims of a JWT, with instants in words beside them. For showing only: nothing is verified here. */
export const decode = (token) => {
  const bytes = Uint8Array.from(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes));
  const lines = JSON.stringify(claims, null, 2).split("\n");
  return lines.map((line) => line.replace(/^(\s*"(?:exp|iat|auth_time)": (\d+),?)$/, (_, whole, seconds) => `${whole}   // ${new Date(seconds * 1000).toLocaleString()}`)).join("\n");
};

/** The code an authenticator app would show (RFC 6238), for trying the demo without a phone. */
export const totp = async (secret) => {
  const bits = [...secret.toUpperCase().replace(/[^A-Z2-7]/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(Date.now() / 30_000)));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter));
  return String((mac.getUint32(mac.getUint8(19) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
};
