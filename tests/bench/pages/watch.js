// Put into every page before its own scripts: tells when something was first painted, and how long
// a step takes from the hand's move to the frame that shows what it asked for.
(() => {
  const frame = () => new Promise(requestAnimationFrame);

  /** Resolves when the frame is painted in which `holds` first does. Callbacks run before their
   * frame is painted, and so it is when the next one begins. */
  const paintedOnce = async (holds, patience, words) => {
    const asked = performance.now();
    for (await frame(); !holds(); await frame()) {
      if (performance.now() - asked > patience) throw new Error(words);
    }
    await frame();
  };

  window.firstPainted = async (selector) => {
    await paintedOnce(() => document.querySelector(selector), 120_000, `no ${selector} within two minutes`);
    return performance.now();
  };

  const view = (selector) => {
    const chart = document.querySelector(selector);
    return chart ? `${chart.dataset.from} ${chart.dataset.to}` : "";
  };

  /** From the first event of one of `types` to the frame with another window in the chart, in ms. */
  window.step = (selector, types) => {
    const was = view(selector);
    let began = 0;
    for (const type of types) {
      addEventListener(type, () => (began ||= performance.now()), { capture: true, once: true, passive: true });
    }
    window.stepTook = (async () => {
      const isNew = () => began && view(selector) && view(selector) !== was;
      await paintedOnce(isNew, 20_000, `nothing new after ${types}: ${was}`);
      return performance.now() - began;
    })();
    window.stepTook.catch(() => {});
  };
})();
