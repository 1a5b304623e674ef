// Readies the islands of a page. A classic script in the head, not deferred: it must stand before the form does,
// so that a sign-in form that should prove its password is not posted while the rest is still on its way.
(() => {
  const root = document.documentElement;
  const folder = new URL(".", document.currentScript.src).href;
  const waiting = new Set();
  let ready = false;
  // Lets toggles and counters appear before the first paint: nothing moves later.
  root.dataset.scripts = "";

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!ready && form.dataset.srp) {
        event.preventDefault();
        event.stopImmediatePropagation();
        form.setAttribute("aria-busy", "true");
        waiting.add(form);
      }
    },
    true,
  );

  // Coming back to a kept page: it is no longer busy.
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  const send = () => {
    ready = true;
    for (const form of waiting) {
      form.removeAttribute("aria-busy");
      form.requestSubmit();
    }
    waiting.clear();
  };

  const start = async () => {
    const islands = document.querySelectorAll("leptos-island");
    if (!islands.length) return send();
    try {
      const glue = await import(folder + "islands_glue.js");
      await glue.default({ module_or_path: folder + "islands_glue_bg.wasm" });
      root.dataset.worker = folder + "worker.js";
      glue.hydrate();
      for (const island of islands) glue[island.dataset.component]?.(island);
      root.dataset.scripts = "ready";
    } catch (error) {
      // The pages work without. A form that must not post its password says so itself.
      delete root.dataset.scripts;
      root.dataset.failed = "";
      console.warn(error);
    }
    send();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
