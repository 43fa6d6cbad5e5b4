// Predictions: the lab opens when the reader has committed to one or said "I don't know"; then both stand side by side.
(() => {
  if (location.pathname.endsWith('/print.html')) return;
  const { make, button, get, set } = headroom.answers;
  const { curve, seconds } = headroom.drawing;


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
    field.addEventListener('keydown', (event) => { if (event.key === 'Enter') host.commit(); });
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
        // 40 % is 10 points above 30 %, and not 10 %.
        const far = unit === '%' ? `${off.toFixed(decimals)} percentage points` : worded(off);
        return `The run is ${far} ${result > guess ? 'above' : 'below'} your prediction.`;
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
      this.pair.tabIndex = -1;
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
      // The button that was pressed is gone; on another one the space bar, meant for the lab, would press it.
      this.pair.focus({ preventScroll: true });
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
        if (!await lab.open({ at: 0, play: this.at || true })) throw new Error('the lab could not be played');
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
