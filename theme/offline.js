// Only in a site that is opened from disk: `headroom.offline` says so to the other scripts, and `headroom.simulator` is where
// `headroom.module` gets the labs from. There are no workers and no `fetch` here: a worker's task is done in slices on the page.
(() => {
  const address = new URL('../wasm/simulator.js', document.currentScript.src);
  let simulator;
  const load = () => simulator ??= new Promise((loaded, failed) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = loaded;
    script.onerror = () => failed(new Error(`${address} cannot be read`));
    document.head.append(script);
  }).then(() => headroom.start());
  window.headroom = Object.assign(window.headroom ?? {}, { offline: true, simulator: load });
})();
