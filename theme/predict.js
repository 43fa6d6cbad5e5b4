// Predictions: the lab opens when the reader has committed to one or said "I don't know"; then both stand side by side.
(() => {
  if (location.pathname.endsWith('/print.html')) return;
  const { make, button, get, set } = headroom.answers;

  const sum = (values) => values.reduce((all, value) => all + value, 0);
  const seconds = (value) => `${Math.round(value * 100) / 100} s`;

  /* Each kind has: guess() what the reader has put in, or a sentence on what is missing; words(guess) in the box of the prediction;
     result() in that of the run; told(guess) the sentence on the difference; show(guess, seen) when the state changes. */

  const number = (host) => {
    const [from, to, step, result] = [host.getAttribute('from'), host.getAttribute('to'), host.dataset.step, host.dataset.result].map(Number);
    const unit = host.getAttribute('unit') ?? '';
    const decimals = (host.dataset.step.split('.')[1] ?? '').length;
    const worded = (value) => `${value.toFixed(decimals)} ${unit}`.trim().replace('-', '−');
    const field = make('input', 'hd-number');
    const slider = make('input', 'hd-slider');
    Object.assign(field, { type: 'number', min: from, max: to, step: 'any', id: `${host.id}-number`, inputMode: 'decimal', autocomplete: 'off' });
    Object.assign(slider, { type: 'range', min: from, max: to, step, value: from + (to - from) / 2 });
    slider.setAttribute('aria-label', `Your prediction on a slider from ${from} to ${to}`);
    const fill = () => {
      slider.style.setProperty('--hd-done', `${(slider.value - from) / (to - from) * 100}%`);
      slider.setAttribute('aria-valuetext', worded(Number(slider.value)));
    };
    slider.addEventListener('input', () => { field.value = Number(slider.value).toFixed(decimals); fill(); });
    field.addEventListener('input', () => { if (field.value !== '') { slider.value = field.value; fill(); } });
    fill();
    const label = make('label', '', 'Your prediction');
    label.htmlFor = field.id;
    const ends = make('div', 'hd-ends', make('span', '', worded(from)), make('span', '', worded(to)));
    ends.setAttribute('aria-hidden', 'true');
    const entry = make('div', 'hd-guess', make('div', 'hd-guess-row', label, field, make('span', '', unit)), slider, ends);
    return {
      entry,
      guess: () => {
        const value = Number(field.value);
        if (field.value === '') throw `Put in a number from ${from} to ${to}, or say that you don't know.`;
        if (!(value >= from && value <= to)) throw `That is not a number from ${from} to ${to}.`;
        return value;
      },
      good: (guess) => typeof guess === 'number' && guess >= from && guess <= to,
      words: worded,
      result: () => worded(result),
      told: (guess) => {
        const off = Number(Math.abs(guess - result).toFixed(decimals));
        if (off === 0) return 'The run is just what you predicted.';
        return `The run is ${worded(off)} ${result > guess ? 'above' : 'below'} your prediction.`;
      },
      show: (guess) => {
        if (typeof guess === 'number') slider.value = field.value = guess;
        else field.value = '';
        fill();
      },
      enable: (yes) => { field.disabled = slider.disabled = !yes; },
      first: field,
    };
  };

  const choice = (host) => {
    const list = host.querySelector('.hd-options');
    const right = Number(host.dataset.result);
    const letter = (nth) => String.fromCharCode(65 + nth);
    const options = [...list.children].map((item, nth) => {
      const text = make('div', 'hd-option-text', ...item.childNodes);
      const radio = make('input', '');
      Object.assign(radio, { type: 'radio', name: `${host.id}-choice`, id: `${host.id}-${nth}` });
      text.id = `${radio.id}-text`;
      radio.setAttribute('aria-labelledby', text.id);
      item.append(radio, make('span', 'hd-option-letter', letter(nth)), text);
      item.addEventListener('click', (event) => { if (event.target !== radio && !radio.disabled && !event.target.closest('a, button')) { radio.click(); radio.focus(); } });
      return { item, radio, words: text.textContent.trim().replace(/\s+/g, ' ') };
    });
    list.setAttribute('role', 'radiogroup');
    list.setAttribute('aria-label', 'Your prediction');
    options.forEach(({ item }) => item.setAttribute('role', 'none'));
    // Kept by its words: a page may gain and lose choices between two visits.
    const place = (guess) => options.findIndex(({ words }) => words.slice(0, 200) === guess);
    const named = (nth) => `${letter(nth)}: ${options[nth].words}`;
    return {
      entry: '',
      guess: () => {
        const chosen = options.find(({ radio }) => radio.checked);
        if (!chosen) throw "Choose one of them, or say that you don't know.";
        return chosen.words.slice(0, 200);
      },
      good: (guess) => place(guess) >= 0,
      words: (guess) => named(place(guess)),
      result: () => named(right),
      told: (guess) => (place(guess) === right ? 'The run does what you predicted.' : 'The run does something else than you predicted.'),
      show: (guess, seen) => options.forEach(({ item, radio }, nth) => {
        radio.checked = nth === place(guess);
        item.classList.toggle('hd-own', nth === place(guess));
        item.classList.toggle('hd-happened', seen && nth === right);
      }),
      enable: (yes) => options.forEach(({ radio }) => { radio.disabled = !yes; }),
      first: options[0].radio,
    };
  };

  const SVG = 'http://www.w3.org/2000/svg';
  const draw = (name, attributes, text) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  // The smallest of 1, 2 and 5 times a power of ten that cuts `length` into at most `parts` parts.
  const round = (length, parts) => {
    const power = 10 ** Math.floor(Math.log10(length / parts));
    return [1, 2, 5, 10].find((step) => step * power >= length / parts * (1 - 1e-9)) * power;
  };
  const multiples = (step, from, to) => {
    const found = [];
    for (let nth = Math.ceil(from / step - 1e-9); nth * step <= to + 1e-9; nth++) found.push(Math.round(nth * step * 1e6) / 1e6);
    return found;
  };

  const HANDLES = 8;
  // Between two handles the hand draws so many pieces.
  const PIECES = 8;
  const SAMPLES = (HANDLES - 1) * PIECES + 1;
  const HEIGHT = 220;
  const MARGIN = { left: 44, right: 22, top: 12, bottom: 26 };

  const curve = (host) => {
    const { label, title, unit } = host.dataset;
    const [length, least, most, line] = ['seconds', 'least', 'most', 'line'].map((name) => Number(host.dataset[name]));
    const result = JSON.parse(host.dataset.result);
    const worded = (value) => `${Math.round(value * 10) / 10} ${unit}`.trim().replace('-', '−');
    const middle = least + (most - least) / 2;
    const secondsOf = (sample) => sample / (SAMPLES - 1) * length;
    let values = Array(SAMPLES).fill(middle);
    let touched = false;
    let shown = false;
    let enabled = true;
    let focused = -1;

    const svg = draw('svg', { class: 'hd-pad', height: HEIGHT, role: 'img' });
    svg.setAttribute('aria-label', `A pad to draw the line “${label}” on, from 0 to ${seconds(length)} and from ${least} to ${worded(most)}; eight sliders below do the same.`);
    const handles = Array.from({ length: HANDLES }, (_, nth) => {
      const input = make('input', '');
      Object.assign(input, { type: 'range', min: least, max: most, step: (most - least) / 100, value: middle });
      input.setAttribute('aria-label', `${label} at ${seconds(secondsOf(nth * PIECES))}`);
      input.addEventListener('input', () => { bend(nth, Number(input.value)); paint(); });
      input.addEventListener('focus', () => { focused = nth; paint(); });
      input.addEventListener('blur', () => { focused = -1; paint(); });
      return input;
    });
    const sliders = make('div', 'hd-handles', ...handles);
    sliders.setAttribute('role', 'group');
    sliders.setAttribute('aria-label', 'Your line as eight sliders');

    // Moves a handle; the line between it and its neighbours becomes straight.
    const bend = (nth, value) => {
      touched = true;
      values[nth * PIECES] = value;
      for (const side of [-1, 1]) {
        const other = values[(nth + side) * PIECES];
        if (other === undefined) continue;
        for (let piece = 1; piece < PIECES; piece++) values[(nth * PIECES) + side * piece] = value + (other - value) * piece / PIECES;
      }
    };

    let width = 600;
    const x = (secs) => MARGIN.left + secs / length * (width - MARGIN.left - MARGIN.right);
    const y = (value) => MARGIN.top + (most - value) / (most - least) * (HEIGHT - MARGIN.top - MARGIN.bottom);
    const path = (points) => points.map(([secs, value], nth) => `${nth ? 'L' : 'M'}${x(secs).toFixed(1)} ${y(value).toFixed(1)}`).join('');
    const own = () => values.map((value, sample) => [secondsOf(sample), value]);

    const paint = () => {
      svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
      svg.setAttribute('width', width);
      const parts = [];
      for (const value of multiples(round(most - least, 5), least, most)) {
        parts.push(draw('line', { class: 'hd-level', x1: x(0), x2: x(length), y1: y(value), y2: y(value) }));
        parts.push(draw('text', { x: MARGIN.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, String(value).replace('-', '−')));
      }
      for (const secs of multiples(round(length, 6), 0, length)) {
        parts.push(draw('text', { x: x(secs), y: HEIGHT - 8, 'text-anchor': 'middle' }, `${secs} s`));
      }
      if (shown) parts.push(draw('path', { class: 'hd-run-line', d: path(result) }));
      parts.push(draw('path', { class: `hd-own-line${touched ? '' : ' hd-untouched'}`, d: path(own()) }));
      if (enabled) {
        for (let nth = 0; nth < HANDLES; nth++) {
          const at = { cx: x(secondsOf(nth * PIECES)), cy: y(values[nth * PIECES]) };
          if (nth === focused) parts.push(draw('circle', { class: 'hd-handle-focus', r: 10, ...at }));
          parts.push(draw('circle', { class: 'hd-handle', r: 5, ...at }));
        }
      }
      svg.replaceChildren(...parts);
      handles.forEach((input, nth) => {
        input.value = values[nth * PIECES];
        input.setAttribute('aria-valuetext', worded(values[nth * PIECES]));
      });
    };

    // The hand draws from where it was to where it is.
    let last = null;
    const put = (event) => {
      const box = svg.getBoundingClientRect();
      const share = ((event.clientX - box.left) * width / box.width - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
      const height = ((event.clientY - box.top) * HEIGHT / box.height - MARGIN.top) / (HEIGHT - MARGIN.top - MARGIN.bottom);
      const sample = Math.round(Math.min(1, Math.max(0, share)) * (SAMPLES - 1));
      const value = most - Math.min(1, Math.max(0, height)) * (most - least);
      const from = last ?? { sample, value };
      const steps = Math.abs(sample - from.sample);
      const way = Math.sign(sample - from.sample);
      values[sample] = value;
      for (let step = 1; step < steps; step++) values[from.sample + way * step] = from.value + (value - from.value) * step / steps;
      last = { sample, value };
      touched = true;
      paint();
    };
    svg.addEventListener('pointerdown', (event) => {
      if (!enabled || event.button) return;
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      last = null;
      put(event);
    });
    svg.addEventListener('pointermove', (event) => { if (enabled && svg.hasPointerCapture(event.pointerId)) put(event); });

    const key = (className, words) => make('span', 'hd-line-key', make('i', className), words);
    const runKey = key('hd-key-run', 'the run');
    const entry = make('div', 'hd-drawing',
      make('div', 'hd-drawing-head', make('span', 'hd-drawing-title', `${title}, ${unit}`), key('hd-key-own', 'your prediction'), runKey), svg, sliders);
    new ResizeObserver(() => {
      const room = Math.floor(entry.clientWidth);
      if (room > 0 && room !== width) { width = room; paint(); }
    }).observe(entry);

    // The run's value at a moment, between the two points around it.
    const ran = (secs) => {
      const after = result.findIndex(([at]) => at >= secs);
      if (after < 0) return result.at(-1)[1];
      if (after === 0) return result[0][1];
      const [[from, low], [to, high]] = [result[after - 1], result[after]];
      return to > from ? low + (high - low) * (secs - from) / (to - from) : high;
    };

    return {
      entry,
      guess: () => {
        if (!touched) throw "Draw your line first, or say that you don't know.";
        return values.map((value) => Math.round(value * 100) / 100);
      },
      good: (guess) => Array.isArray(guess) && guess.length === SAMPLES && guess.every((value) => value >= least && value <= most),
      words: () => 'your line, dashed',
      result: () => 'its line, solid',
      told: (guess) => {
        const off = guess.map((value, sample) => Math.abs(value - ran(secondsOf(sample))));
        const far = off.indexOf(Math.max(...off));
        const mean = sum(off) / off.length;
        return `On average the run is ${worded(mean)} away from your line, and most at ${seconds(secondsOf(far))}: you drew ${worded(guess[far])}, it has ${worded(ran(secondsOf(far)))}.`;
      },
      show: (guess, seen) => {
        touched = Array.isArray(guess);
        values = touched ? [...guess] : Array(SAMPLES).fill(middle);
        shown = seen;
        runKey.hidden = !seen;
        entry.classList.toggle('hd-no-line', !enabled && !touched);
        paint();
      },
      enable: (yes) => { enabled = yes; sliders.hidden = !yes; },
      sketch: (lab, guess) => lab.sketch?.(line, Array.isArray(guess) ? guess.map((value, sample) => [secondsOf(sample), value]) : null),
      first: handles[0],
    };
  };

  const KINDS = { number, choice, curve };

  customElements.define('hd-predict', class extends HTMLElement {
    connectedCallback() {
      if (this.kind) return;
      this.kind = KINDS[this.getAttribute('kind')]?.(this);
      this.lab = document.getElementById(this.getAttribute('for'));
      if (!this.kind || !this.lab) return;
      this.at = Number(this.dataset.at);
      // The build says why.
      this.reason = this.lab.getAttribute('locked') ?? '';
      this.go = button('Commit and run', 'hd-button hd-primary', () => this.commit());
      this.unknown = button("I don't know", 'hd-button', () => this.settle(null));
      this.rerun = button('Run it', 'hd-button hd-primary', () => this.run());
      this.again = button('Predict again', 'hd-button', () => this.reset());
      this.said = make('p', 'hd-said');
      this.said.setAttribute('role', 'status');
      this.pair = make('dl', 'hd-pair');
      this.note = make('p', 'hd-note-turned', 'You have turned the lab since: the result here is that of the page’s own setting.');
      this.querySelector('details').before(this.kind.entry, this.pair, this.said, this.note,
        make('div', 'hd-learn-buttons', this.go, this.unknown, this.rerun, this.again));
      // The book would turn the page.
      this.addEventListener('keydown', (event) => { if (/^Arrow/.test(event.key)) event.stopPropagation(); });
      this.lab.addEventListener('hd-moment', ({ detail }) => this.moment(detail));
      this.note.hidden = true;
      this.classList.add('hd-alive');
      this.recall();
    }

    // Goes on where the reader left; what is not a prediction of this question counts as none.
    recall() {
      const kept = get(this.id);
      const open = kept?.kind !== 'predict' || kept.open === true || !(kept.guess === null || this.kind.good(kept.guess));
      this.state = open ? null : { guess: kept.guess, seen: kept.seen === true };
      this.ready = true;
      this.show();
      if (open) return;
      this.unlock();
    }

    commit() {
      let guess;
      try { guess = this.kind.guess(); } catch (missing) {
        this.say(missing, true);
        this.kind.first.focus();
        return;
      }
      this.settle(guess);
    }

    // The reader has said what they expect, or null for "I don't know".
    settle(guess) {
      this.state = { guess, seen: false };
      this.keep();
      this.unlock();
      this.show();
      // The button that was pressed is gone.
      this.again.focus({ preventScroll: true });
      this.run();
    }

    keep() { set(this.id, { kind: 'predict', ...this.state, open: false, done: true }); }

    unlock() {
      this.lab.unlock?.();
      this.kind.sketch?.(this.lab, this.state.guess);
    }

    // Plays the lab from its start as the page sets it.
    async run() {
      const { lab } = this;
      this.ready = false;
      try {
        if (!await lab.open({ at: 0, play: true })) throw new Error('the lab could not be played');
        this.reveal();
      } catch (error) {
        console.info(String(error));
        if (this.state) this.see('The lab cannot run here; this is what it gave when the book was built. ');
      }
    }

    // Prediction, result and the figure of the lab in sight together: the lab stands below.
    reveal() {
      const bar = Math.max(0, document.getElementById('mdbook-menu-bar')?.getBoundingClientRect().bottom ?? 0);
      this.style.scrollMarginTop = `${bar + 8}px`;
      const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
      this.scrollIntoView({ block: 'start', behavior });
    }

    moment({ seconds: now, ended, seed, turned }) {
      if (!this.state) return;
      this.note.hidden = !(turned || String(seed) !== this.dataset.seed) || !this.state.seen;
      // What the lab showed before it began anew does not answer.
      this.ready ||= now < this.at;
      if (this.state.seen || !(ended || (this.ready && now >= this.at - 1e-6))) return;
      this.see('');
      this.note.hidden = !(turned || String(seed) !== this.dataset.seed);
    }

    see(before) {
      this.state.seen = true;
      this.keep();
      this.show(before);
    }

    show(before = '') {
      const { guess = null, seen = false } = this.state ?? {};
      const open = !this.state;
      this.classList.toggle('hd-committed', !open);
      this.kind.enable(open);
      this.kind.show(guess, seen);
      this.go.hidden = this.unknown.hidden = !open;
      this.rerun.hidden = open || seen;
      this.again.hidden = open;
      this.pair.hidden = open;
      const known = guess !== null;
      const box = (name, words, className) => make('div', className, make('dt', '', name), make('dd', '', words));
      this.pair.replaceChildren(...open ? [] : [
        box('Your prediction', known ? this.kind.words(guess) : 'I don’t know', 'hd-pair-own'),
        box('The run', seen ? this.kind.result() : `answers at ${seconds(this.at)}`, `hd-pair-run${seen ? '' : ' hd-waits'}`)]);
      if (seen) this.say(before + (known ? this.kind.told(guess) : 'You made no prediction; this is what happens.'));
      else this.say('');
    }

    reset() {
      // That a prediction was made stays known.
      set(this.id, { kind: 'predict', open: true, done: true });
      this.state = null;
      this.note.hidden = true;
      this.lab.lock?.(this.reason);
      this.kind.sketch?.(this.lab, null);
      this.show();
      this.kind.first.focus();
    }

    say(text, wrong = false) {
      this.said.textContent = text;
      this.said.classList.toggle('hd-wrong', wrong);
    }
  });
})();
