// Reloads the page when the book has been rebuilt, and shows why it could not be.
(() => {
  const script = document.currentScript;
  const seen = new URL(script.src).searchParams.get("seen");
  const address = new URL("events", script.src);
  let events = null;
  let banner = null;

  function show(problem) {
    if (!banner) {
      banner = document.createElement("pre");
      banner.setAttribute("role", "alert");
      banner.id = "reload-problem";
      Object.assign(banner.style, {
        position: "fixed", inset: "auto 0 0 0", margin: "0", padding: "12px 16px", maxHeight: "60vh",
        overflow: "auto", zIndex: "2147483647", font: "13px/1.45 monospace", whiteSpace: "pre-wrap",
        color: "#ffffff", background: "#7f1d1d", borderTop: "3px solid #fca5a5",
      });
      document.body.append(banner);
    }
    banner.textContent = problem;
  }

  function hear(event) {
    const [number, ...lines] = event.data.split("\n");
    const problem = lines.join("\n");
    if (problem) show(problem);
    else if (number !== seen) location.reload();
    else if (banner) { banner.remove(); banner = null; }
  }

  // A browser allows six connections to one host: a page in a background tab gives its own back.
  function listen() {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = new EventSource(address);
      events.onmessage = hear;
    }
  }
  document.addEventListener("visibilitychange", listen);
  listen();
})();
