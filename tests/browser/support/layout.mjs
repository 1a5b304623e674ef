// What moves in a page and what does not fit. All of this runs in the page.

/** How far it scrolls sideways, and what is cut off or stands out. */
export function overflow() {
  const root = document.documentElement;
  const faults = [];
  if (root.scrollWidth > root.clientWidth) faults.push(`scrolls sideways by ${root.scrollWidth - root.clientWidth}`);
  for (const element of document.querySelectorAll("main *, header *, footer *")) {
    const box = element.getBoundingClientRect();
    const isSeen = box.width > 1 && box.height > 1 && getComputedStyle(element).visibility === "visible";
    if (!isSeen || element.closest("svg, .sr")) continue;
    const what = `${element.tagName}.${element.className} “${element.textContent.slice(0, 30)}”`;
    if (box.left < -1 || box.right > root.clientWidth + 1) faults.push(`${what} stands out`);
    const clips = !element.matches("input") && getComputedStyle(element).overflowX !== "visible";
    if (clips && element.scrollWidth > element.clientWidth + 1) faults.push(`${what} is cut off`);
  }
  return faults;
}

/** Before it loads: notes what moves without having been touched, by `least` or more (good is below 0.1 in all). */
export function watchShifts(least = 0) {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      const names = sources.map(({ node }) => node?.nodeName + "." + (node?.className ?? ""));
      if (!hadRecentInput && value >= least) window.shifts.push(`${value.toFixed(4)} ${names}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
}
