// Judges a challenge run by run beside the page, so that the page stays at hand and can stop it.
onmessage = async ({ data }) => {
  try {
    const module = await import(data.module);
    await module.default({ module_or_path: data.binary });
    for (let nth = 0; nth < data.seeds; nth++) {
      postMessage({ run: JSON.parse(module.judge(data.challenge, data.knobs, nth)) });
    }
    postMessage({ done: true });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
