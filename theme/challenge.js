// Lets the engine judge the reader's settings on many seeds, in a worker beside the page.
(() => {
  if (location.pathname.endsWith('/print.html')) return;
  const { make, button, get, set } = headroom.answers;
  const home = new URL('..', document.currentScript.src);

  // The values of a logarithmic knob have two significant digits; the same rule as the engine's.
  const unit = (value) => 10 ** (Math.floor(Math.log10(value)) - 1);
  const twoDigits = (value) => {
    const place = unit(value);
    return Math.round(Math.round(value / place) * place * 1e9) / 1e9;
  };

  // What a control says of a value: the name of a choice, and a number with its unit.
  const words = (input, value, unit) => {
    if (input.type === 'checkbox') return value ? 'on' : 'off';
    const choice = [...input.options ?? []].find((option) => Number(option.value) === value);
    return choice?.text ?? `${value} ${unit}`.trim();
  };

  // A control of a knob: what it stands at, and how to set it.
  const knob = (input) => {
    const id = input.dataset.knob;
    if (input.type === 'checkbox') return { id, input, get: () => Number(input.checked), set: (value) => { input.checked = value >= 0.5; } };
    if (!input.dataset.log) return { id, input, get: () => Number(input.value), set: (value) => { input.value = value; } };
    const [min, max] = input.dataset.log.split(',').map(Number);
    const within = (value) => Math.min(max, Math.max(min, twoDigits(Math.min(max, Math.max(min, value)))));
    const put = (value) => {
      input.dataset.value = within(value);
      input.value = Math.log(within(value) / min) / Math.log(max / min);
    };
    input.addEventListener('input', () => { input.dataset.value = within(min * (max / min) ** Number(input.value)); });
    // One key, one step of the second digit.
    input.addEventListener('keydown', (event) => {
      const value = Number(input.dataset.value);
      const to = {
        ArrowRight: value + unit(value), ArrowUp: value + unit(value),
        ArrowLeft: value - unit(value * 0.999), ArrowDown: value - unit(value * 0.999),
        PageUp: value * 1.5, PageDown: value / 1.5, Home: min, End: max,
      }[event.key];
      if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      put(to);
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    return { id, input, get: () => Number(input.dataset.value), set: put };
  };

  customElements.define('hd-challenge', class extends HTMLElement {
    connectedCallback() {
      if (this.knobs) return;
      this.knobs = [...this.querySelectorAll('[data-knob]')].map(knob);
      this.seeds = Number(this.dataset.seeds);
      this.needed = Number(this.dataset.needed);
      this.goals = [...this.querySelectorAll('.hd-goals > li')];
      this.labels = this.goals.map((goal) => goal.textContent);
      for (const { input } of this.knobs) input.disabled = false;
      this.querySelector('.hd-settings').addEventListener('input', () => this.turned());
      this.querySelector('.hd-settings').addEventListener('change', () => this.turned());
      // The book would turn the page.
      this.addEventListener('keydown', (event) => { if (/^Arrow/.test(event.key)) event.stopPropagation(); });
      this.start = button(`Judge ${this.seeds} runs`, 'hd-button hd-primary', () => this.judge());
      this.cancel = button('Cancel', 'hd-button', () => this.stop('Stopped; nothing was judged.'));
      this.bar = make('progress', '');
      Object.assign(this.bar, { max: this.seeds, value: 0 });
      this.bar.setAttribute('aria-label', 'Runs judged');
      this.far = make('span', 'hd-far');
      this.verdict = make('div', 'hd-verdict-box');
      this.said = make('p', 'hd-said');
      this.said.setAttribute('role', 'status');
      this.worst = make('div', 'hd-worst');
      this.best = make('p', 'hd-best');
      this.verdict.append(this.said, this.worst, this.best);
      this.querySelector('.hd-settings').after(make('div', 'hd-learn-buttons', this.start, this.cancel, this.bar, this.far), this.verdict);
      this.copy();
      this.restore();
      this.running(false);
      this.classList.add('hd-alive');
    }

    disconnectedCallback() { this.worker?.terminate(); }

    copy() {
      const native = this.querySelector('.hd-native');
      this.command = native.querySelector('code');
      const copy = button('Copy', 'hd-button', async () => {
        let said = 'Copied';
        try { await navigator.clipboard.writeText(this.command.textContent); } catch {
          getSelection().selectAllChildren(this.command);
          said = 'Selected';
        }
        copy.textContent = said;
        setTimeout(() => { copy.textContent = 'Copy'; }, 2000);
      });
      native.append(copy);
    }

    restore() {
      const kept = get(this.id);
      for (const { id, input, set: put } of this.knobs) {
        const value = kept?.last?.[id];
        if (typeof value !== 'number' || !Number.isFinite(value)) continue;
        put(value);
        // What another version of the book offered may not be there any more.
        if (input.value === '') input.selectedIndex = 0;
      }
      this.turned();
      this.tellBest(kept);
    }

    turned() {
      for (const { input, get: value } of this.knobs) {
        const output = this.querySelector(`output[for="${input.id}"]`);
        if (!output) continue;
        output.textContent = `${value()} ${output.dataset.unit}`.trim();
        input.setAttribute('aria-valuetext', output.textContent);
        const { min, max } = input;
        input.style.setProperty('--hd-done', `${(input.value - min) / (max - min) * 100}%`);
      }
      this.command.textContent = `cargo xtask challenge ${this.getAttribute('name')}`
        + this.knobs.map(({ id, get: value }) => ` --knob ${id}=${value()}`).join('');
      // A verdict is about the settings it was given for.
      if (this.judged && this.judged !== this.settings()) this.reset();
    }

    settings() { return this.knobs.map(({ id, get: value }) => `${id}=${value()}`).join(','); }

    reset() {
      this.judged = null;
      this.said.textContent = '';
      this.said.className = 'hd-said';
      this.worst.replaceChildren();
      this.goals.forEach((goal, nth) => {
        goal.replaceChildren(this.labels[nth]);
        goal.className = '';
      });
    }

    running(yes) {
      this.start.hidden = yes;
      this.cancel.hidden = this.bar.hidden = this.far.hidden = !yes;
      for (const { input } of this.knobs) input.disabled = yes;
    }

    judge() {
      this.reset();
      this.runs = [];
      this.step();
      this.running(true);
      this.cancel.focus();
      const { address } = headroom;
      try {
        if (!address) throw new Error('the script of the labs did not run');
        this.worker = headroom.judge?.() ?? new Worker(address('judge.js'), { type: 'module' });
      } catch (error) {
        this.fail(error);
        return;
      }
      const worker = this.worker;
      worker.onerror = (event) => this.fail(event.message);
      worker.onmessage = ({ data }) => {
        if (worker !== this.worker) return;
        if (data.error) this.fail(data.error);
        else if (data.done) this.judgedAll();
        else { this.runs.push(data.run); this.step(); }
      };
      worker.postMessage({
        module: address('wasm/simulator.js'), binary: address('wasm/simulator_bg.wasm'),
        challenge: this.getAttribute('name'), knobs: this.settings(), seeds: this.seeds,
      });
    }

    step() {
      this.bar.value = this.runs.length;
      this.far.textContent = `${this.runs.length} of ${this.seeds}`;
    }

    stop(why, wrong = false) {
      this.worker?.terminate();
      this.worker = null;
      const focused = this.contains(document.activeElement);
      this.running(false);
      if (focused) this.start.focus();
      this.said.textContent = why;
      this.said.classList.toggle('hd-wrong', wrong);
    }

    fail(error) {
      console.warn(error);
      this.stop('The judge cannot work here: it needs WebAssembly in a background worker; the command below does the same.', true);
    }

    judgedAll() {
      this.judged = this.settings();
      const { runs, seeds, needed } = this;
      const met = runs.filter((run) => run.met).length;
      const won = met >= needed;
      this.stop(won ? `Challenge met: ${met} of ${seeds} runs reached every goal, and ${needed} had to.`
        : `Not yet: ${met} of ${seeds} runs reached every goal, and ${needed} have to.`);
      this.said.classList.add(won ? 'hd-won' : 'hd-not-yet');
      this.goals.forEach((goal, nth) => {
        const times = runs.filter((run) => run.goals[nth]?.met).length;
        goal.append(make('span', 'hd-goal-met', ` met in ${times} of ${seeds}`));
        goal.className = times >= needed ? 'hd-right' : 'hd-wrong';
      });
      this.tellWorst(runs);
      this.keep(met, won);
    }

    // The run that missed by most; of several the first, as the native judge tells it.
    tellWorst(runs) {
      let worst = null;
      // A miss beyond all numbers arrives as none.
      const miss = (run) => run.miss ?? Infinity;
      for (const run of runs) if (!run.met && (!worst || miss(run) > miss(worst))) worst = run;
      if (!worst) return;
      const missed = this.labels.filter((_, nth) => !worst.goals[nth]?.met).map((label) => `“${label}”`);
      const knobs = [this.dataset.given, this.judged].filter(Boolean).join(',');
      const address = new URL('simulator/index.html', home);
      address.search = new URLSearchParams({ lab: this.getAttribute('lab'), seed: worst.seed, knobs });
      const lab = document.querySelector(`hd-lab[lab="${this.getAttribute('lab')}"]`);
      const label = `Open it in the lab, seed ${worst.seed}`;
      const link = make('a', 'hd-button', label);
      link.href = address;
      const open = () => this.open(lab, { seed: worst.seed, at: 0, knobs }, link);
      this.worst.append(make('p', '', `The run that is furthest off misses ${missed.join(' and ')}.`), lab ? button(label, 'hd-button', open) : link);
    }

    // In the lab of this page; if it waits for a prediction or cannot run, in the simulator.
    async open(lab, wishes, link) {
      try {
        if (lab.hasAttribute('locked')) throw new Error('the lab waits for a prediction');
        if (!await lab.open(wishes)) throw new Error('the lab could not be opened so');
        const bar = document.getElementById('mdbook-menu-bar')?.getBoundingClientRect().bottom ?? 0;
        lab.style.scrollMarginTop = `${Math.max(0, bar) + 8}px`;
        lab.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth' });
      } catch (error) {
        console.info(String(error));
        location.assign(link.href);
      }
    }

    keep(met, won) {
      const kept = get(this.id);
      const knobs = Object.fromEntries(this.knobs.map(({ id, get: value }) => [id, value()]));
      const better = !(kept?.met >= met && kept?.of === this.seeds);
      const now = {
        ...(better ? { met, of: this.seeds, knobs } : { met: kept.met, of: kept.of, knobs: kept.knobs }),
        kind: 'challenge', last: knobs, done: won || kept?.done === true,
      };
      set(this.id, now);
      this.tellBest(now);
    }

    tellBest(kept) {
      if (!kept || !(kept.met >= 0) || !(kept.of > 0)) { this.best.textContent = ''; return; }
      const values = this.knobs.filter(({ id }) => typeof kept.knobs?.[id] === 'number')
        .map(({ input, id }) => `${this.querySelector(`label[for="${input.id}"]`).textContent}: ${words(input, kept.knobs[id], this.querySelector(`output[for="${input.id}"]`)?.dataset.unit ?? '')}`);
      this.best.textContent = `Your best so far: ${kept.met} of ${kept.of}${values.length ? ` with ${values.join(', ')}` : ''}.`;
    }
  });
})();
