// What stands around every hosted page.

/** A policy's directives: name to sources. */
export const parsePolicy = (text) =>
  Object.fromEntries(
    text.split(";").map((directive) => {
      const [name, ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );

const ALWAYS = {
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};

/** What is wrong with the headers of a page: sentences. */
export function faultsOf(headers, html) {
  const faults = [];
  for (const [name, value] of Object.entries(ALWAYS)) {
    if (headers[name] !== value) faults.push(`${name} is ${headers[name]}`);
  }
  const text = headers["content-security-policy"];
  if (!text) return [...faults, "there is no policy"];
  const policy = parsePolicy(text);
  const demand = (name, ...sources) => {
    if ((policy[name] ?? []).join(" ") !== sources.join(" ")) faults.push(`${name} is ${policy[name]}`);
  };
  if (/unsafe-inline|[^-]unsafe-eval|unsafe-hashes|\*/.test(text)) faults.push(`the policy is loose: ${text}`);
  demand("default-src", "'none'");
  demand("frame-ancestors", "'none'");
  demand("base-uri", "'none'");
  demand("style-src", "'self'");
  if (policy["form-action"]?.[0] !== "'self'") faults.push(`form-action is ${policy["form-action"]}`);
  // WebAssembly is admitted where the page has a script that loads it, and nowhere else.
  if (html.includes("<script")) demand("script-src", "'self'", "'wasm-unsafe-eval'");
  else if ("script-src" in policy) faults.push("a page without scripts admits them");
  if (/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|href="javascript:/i.test(html)) faults.push("inline script or style");
  return faults;
}
