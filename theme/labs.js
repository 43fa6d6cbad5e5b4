// Brings labs to life when they come near the window; until then, or if anything fails, their static figures stay.
(() => {
  // Everything is found relative to this script, so the book works under any path.
  const home = new URL('..', document.currentScript.src);
  const version = document.querySelector('meta[name=hd-wasm]')?.content;
  const address = (path) => new URL(version ? `${path}?v=${version}` : path, home).href;
  const style = [...document.querySelectorAll('link[rel=stylesheet]')]
    .find((link) => /\/lab(-\w+)?\.css$/.test(link.href));

  // One module for all labs of the page, loaded once.
  let engine;
  const load = () => engine ??= window.headroom?.offline ? headroom.simulator() : import(address('wasm/simulator.js')).then(async (module) => {
    await module.default({ module_or_path: address('wasm/simulator_bg.wasm') });
    return module;
  });
  // For the page's other scripts: the module of all labs, and where files of the site are.
  window.headroom = Object.assign(window.headroom ?? {}, { module: load, address });
  if (location.pathname.endsWith('/print.html')) return;

  const watch = (then, options) => new IntersectionObserver((entries) => entries.forEach(then), options);
  const near = watch((entry) => entry.isIntersecting && entry.target.start(), { rootMargin: '300px' });
  const seen = watch((entry) => entry.target.handle?.set_visible(entry.isIntersecting));

  // The most often a page is told of a lab's moments, in milliseconds.
  const MOMENTS_MS = 125;
  // A line of a log: seconds, kind, subject, value, cause, text; what holds a comma stands in quotes.
  const ENTRY = /^([^,]*),("(?:[^"]|"")*"|[^,]*),(\d+),[^,]*,\d*,(.*)$/;
  const plain = (field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
  const digits = (value) => value == null ? undefined : String(value);

  customElements.define('hd-lab', class extends HTMLElement {
    static observedAttributes = ['locked'];

    // Resolves when the lab is alive.
    ready = new Promise((alive) => { this.alive = alive; });
    sketches = new Map();

    // Not to be played before `unlock`; the reason stands in the card.
    lock(reason) { this.setAttribute('locked', reason); }
    unlock() { this.removeAttribute('locked'); }
    attributeChangedCallback() { this.handle?.lock(this.getAttribute('locked') ?? undefined); }

    // Stands at a situation: `{ seed, at, knobs, play }`, all optional; what is missing stays as the page set it.
    // `play` is true, or a moment that should be reached soon: a long run is then played faster.
    // Resolves to false if the lab is locked or could not be started.
    async open({ seed, at, knobs, play } = {}) {
      await this.start();
      if (!this.handle) return false;
      await this.ready;
      return this.handle.open(digits(seed), at == null ? undefined : Number(at), digits(knobs), play === true ? 0 : play || undefined);
    }

    // Stands at a second of the run as the reader has turned it, at rest; beyond the end, at the end.
    // Only the next frame is drawn: whoever stands elsewhere in between to read the log there has shown nothing of it.
    stand(at) {
      const slider = this.stage.querySelector('[data-time]');
      // At the end it stops playing.
      for (const to of [slider.max, Math.min(at, slider.max)]) {
        slider.value = to;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }
    }

    // What has happened up to this moment, oldest first: `{ at, kind, subject, text }`, `at` in seconds.
    log() {
      return this.handle.text('csv').trim().split('\n').slice(1).map((line) => {
        const [, at, kind, subject, text] = line.match(ENTRY);
        return { at: Number(at), kind: plain(kind), subject: Number(subject), text: plain(text) };
      });
    }

    // Draws points `[seconds, value]` of the reader's own over chart line number `line`; null removes them.
    sketch(line, points) {
      if (points) this.sketches.set(line, points);
      else this.sketches.delete(line);
      this.handle?.sketch(line, points ? Float64Array.from(points.flat()) : undefined);
    }

    // Tells the page of a moment, never while the lab is at work and not too often; the first one says that it is alive.
    tell(seconds, playing, ended, seed, turned) {
      this.moment = { seconds, playing, ended, seed, turned };
      const wait = Math.max(0, (this.toldAt ?? -Infinity) + MOMENTS_MS - performance.now());
      this.telling ??= setTimeout(() => {
        this.telling = undefined;
        this.toldAt = performance.now();
        if (!this.handle) return;
        if (!this.living) {
          this.living = true;
          for (const [line, points] of this.sketches) this.sketch(line, points);
          this.alive(this);
        }
        this.dispatchEvent(new CustomEvent('hd-moment', { bubbles: true, composed: true, detail: this.moment }));
      }, wait);
    }

    connectedCallback() {
      if (!this.shadowRoot) {
        this.still = document.createElement('slot');
        this.stage = document.createElement('div');
        const link = style.cloneNode();
        this.styled = new Promise((done) => { link.onload = link.onerror = done; });
        this.attachShadow({ mode: 'open' }).append(link, this.still, this.stage);
      }
      near.observe(this);
    }

    disconnectedCallback() {
      near.unobserve(this);
      seen.unobserve(this);
      this.handle?.unmount();
      this.handle = null;
      this.starting = null;
      this.living = false;
      this.still.hidden = false;
    }

    // Brings it to life at once.
    start() { return this.starting ??= this.begin(); }

    async begin() {
      near.unobserve(this);
      try {
        const [module] = await Promise.all([load(), this.styled]);
        if (!this.isConnected || this.handle) return;
        this.still.hidden = true;
        this.stage.className = 'hd-live';
        this.handle = module.mount(this, this.stage, ...this.wishes(), (...moment) => this.tell(...moment));
        window.headroom.share?.(this);
        seen.observe(this);
      } catch (error) {
        console.warn(error);
        this.still.hidden = false;
        this.stage.className = 'hd-stopped';
        this.stage.textContent = 'This lab needs WebAssembly and a page served over http.';
      }
    }

    // The attributes; on the full-screen page, what its address asks for.
    wishes() {
      const wide = this.hasAttribute('wide');
      if (wide && location.hash.startsWith('#lab=')) {
        this.dataset.link = location.hash.slice('#lab='.length);
        // A link that has just been followed shows what it shows; after a reload, what the reader made of it.
        this.toggleAttribute('data-again', performance.getEntriesByType('navigation')[0]?.type !== 'navigate' && !this.followed);
        this.followed = true;
      }
      if (!wide) this.dataset.fullScreen = new URL('simulator/index.html', home).href;
      const asked = new URLSearchParams(wide ? location.search : '');
      const value = (name) => asked.has('lab') ? asked.get(name) : this.getAttribute(name);
      return ['lab', 'seed', 'at', 'knobs', 'show'].map((name) => value(name) ?? undefined);
    }
  });

  // Only the part behind # changes when a link is followed from the page it leads to.
  addEventListener('hashchange', () => document.querySelectorAll('hd-lab[wide]').forEach((lab) => {
    lab.disconnectedCallback();
    lab.start();
  }));

  const save = () => document.querySelectorAll('hd-lab').forEach((lab) => lab.handle?.save());
  addEventListener('pagehide', save);
  addEventListener('visibilitychange', save);
})();
