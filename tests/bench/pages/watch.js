// Put into every page before its own scripts: tells when something was first painted, and how long
// a step takes from the hand's move to the frame that shows what it asked for.
(() => {
  /** Resolves after the next frame has been painted: callbacks run before a frame, so the second one. */
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame((at) => done(at))));

  window.firstPainted = async (selector) => {
    while (!document.querySelector(selector)) {
      if (performance.now() > 120_000) throw new Error(`no ${selector} within two minutes`);
      await new Promise(requestAnimationFrame);
    }
    await painted();
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
      const asked = performance.now();
      while (!began || view(selector) === was || !view(selector)) {
        if (performance.now() - asked > 20_000) throw new Error(`nothing new after ${types}: ${was}`);
        await new Promise(requestAnimationFrame);
      }
      await painted();
      return performance.now() - began;
    })();
    window.stepTook.catch(() => {});
  };
})();
