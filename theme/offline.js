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

  // What judge.js does in a worker: a run, then the page's turn, so that it stays at hand and can stop it.
  const judge = () => {
    let stopped = false;
    const tell = (data) => { if (!stopped) work.onmessage({ data }); };
    const work = {
      terminate: () => { stopped = true; },
      postMessage: async ({ challenge, knobs, seeds }) => {
        try {
          const module = await load();
          for (let nth = 0; nth < seeds && !stopped; nth++) {
            tell({ run: JSON.parse(module.judge(challenge, knobs, nth)) });
            await new Promise((turn) => setTimeout(turn));
          }
          tell({ done: true });
        } catch (error) {
          tell({ error: String(error) });
        }
      },
    };
    return work;
  };
  window.headroom = Object.assign(window.headroom ?? {}, { offline: true, simulator: load, judge });
})();
