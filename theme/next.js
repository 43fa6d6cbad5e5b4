// Who is next: the lab stands before a decision, the reader says whom it will take, the lab goes on to it, and its log says the rule.
(() => {
  if (location.pathname.endsWith('/print.html')) return;
  const { make, button } = headroom.answers;
  const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

  customElements.define('hd-next', class extends HTMLElement {
    connectedCallback() {
      if (this.field) return;
      this.lab = document.getElementById(this.getAttribute('for'));
      if (!this.lab) return;
      const question = this.querySelector('.hd-question');
      question.id = `${this.lab.id}-next`;
      this.field = make('input', 'hd-number');
      Object.assign(this.field, { type: 'number', min: 0, step: 1, inputMode: 'numeric', autocomplete: 'off' });
      this.field.setAttribute('aria-labelledby', question.id);
      this.go = button('Guess', 'hd-button hd-primary', () => {});
      this.go.type = 'submit';
      this.unknown = button("I don't know", 'hd-button', () => this.answer(null));
      this.again = button('Begin', 'hd-button', () => this.begin());
      this.stop = button('Stop', 'hd-button', () => { this.rest(); this.again.focus({ preventScroll: true }); });
      this.said = make('p', 'hd-said');
      this.tally = make('p', 'hd-tally');
      for (const line of [this.said, this.tally]) line.setAttribute('role', 'status');
      // Enter in the field guesses.
      const form = make('form', 'hd-learn-buttons', this.field, this.go, this.unknown, this.again, this.stop, this.tally);
      form.noValidate = true;
      form.addEventListener('submit', (event) => { event.preventDefault(); this.guess(); });
      this.append(this.said, form);
      // The book would turn the page.
      this.addEventListener('keydown', (event) => { if (/^Arrow/.test(event.key)) event.stopPropagation(); });
      this.lab.addEventListener('hd-moment', ({ detail }) => this.moment(detail));
      new MutationObserver(() => this.rest()).observe(this.lab, { attributeFilter: ['locked'] });
      // Beside its figure the question can be answered: it stays at the window's edge while the lab is in sight.
      new IntersectionObserver(([{ isIntersecting }]) => this.classList.toggle('hd-beside', isIntersecting)).observe(this.lab);
      this.classList.add('hd-alive');
      this.rest();
    }

    decides({ kind }) {
      const asked = this.getAttribute('kind');
      return kind === asked || kind.startsWith(`${asked}:`);
    }

    // Nothing is asked before the reader begins, and while the lab waits for a prediction nobody can.
    rest() {
      const locked = this.lab.getAttribute('locked');
      this.show(false);
      this.again.disabled = locked !== null;
      this.say(locked !== null ? `${locked} This opens with it.` : 'The lab will stand before the first decision and wait for you.');
    }

    show(asking) {
      this.asking = asking;
      this.stop.hidden = !asking;
      this.field.disabled = this.go.disabled = this.unknown.disabled = !asking;
      this.again.textContent = asking ? 'Start again' : 'Begin';
      this.again.classList.toggle('hd-primary', !asking);
      this.classList.toggle('hd-asking', asking);
      // What the log has ahead is the answer.
      this.lab.toggleAttribute('data-asks', asking);
    }

    async begin() {
      this.reveal();
      try {
        await this.lab.start();
        if (!this.lab.handle) throw new Error('the lab has not started');
        await this.lab.ready;
        this.right = this.asked = 0;
        this.tally.textContent = '';
        this.lab.stand(Number(this.getAttribute('at')));
        this.show(true);
        this.ask();
        this.field.focus({ preventScroll: true });
      } catch (error) {
        console.info(String(error));
        this.say('The lab cannot run here, so that nobody could tell.', 'hd-wrong');
      }
    }

    // The log of the whole run, and the place in it of the next decision. The lab stands at the end of the run then.
    ahead() {
      const past = this.lab.log().length;
      this.lab.stand(Infinity);
      const log = this.lab.log();
      return { log, past, next: log.findIndex((entry, nth) => nth >= past && this.decides(entry)) };
    }

    // Stands right before the next decision: whoever becomes ready until then is in the figure when the reader is asked.
    ask(before = '') {
      const { log, past, next } = this.ahead();
      this.stand(log[(next < 0 ? past : next) - 1]?.at ?? 0);
      this.say(before + this.where());
      if (next < 0) this.over();
    }

    where() {
      const last = this.lab.log().at(-1);
      return last ? `Last in the log: ${last.text}. Who is next?` : 'Nothing has happened yet. Who is next?';
    }

    // What the lab stands at is remembered: anything else is the reader's doing.
    stand(at) {
      this.lab.stand(at);
      this.stood = this.lab.log().length;
      this.turned = this.settings();
    }

    // Lab, seed and knobs as the reader has turned them.
    settings() { return this.lab.handle.text('command').replace(/ --until .*/, ''); }

    moment({ playing }) {
      if (!this.asking || playing || !this.lab.handle) return;
      if (this.settings() !== this.turned) this.ask('You have turned the lab. ');
      else if (this.lab.log().length !== this.stood) {
        this.stood = this.lab.log().length;
        this.say(this.where());
      }
    }

    guess() {
      const guess = this.field.valueAsNumber;
      if (Number.isInteger(guess) && guess >= 0) this.answer(guess);
      else this.say("Put in a number, or say that you don't know.", 'hd-wrong');
      this.field.focus({ preventScroll: true });
    }

    // The reader has said who will be next, or null for "I don't know"; the lab goes on to it.
    answer(guess) {
      const { log, past, next } = this.ahead();
      this.field.value = '';
      if (next < 0) {
        this.stand(log[past - 1]?.at ?? 0);
        this.say('');
        this.over();
        return;
      }
      const { at, subject, text } = log[next];
      this.stand(at);
      const right = guess === subject;
      this.right += right;
      this.asked += 1;
      this.tally.textContent = `${this.right} of ${this.asked} right`;
      const verdict = guess === null ? '' : right ? 'Right. ' : `Not ${guess}. `;
      this.say(`${verdict}${sentence(text)}`, guess === null ? '' : right ? 'hd-won' : 'hd-wrong');
      if (log.slice(this.stood).some((entry) => this.decides(entry))) this.said.append(' And then?');
      else this.over();
    }

    over() { this.said.append(' That was the last decision of this run.'); }

    // The figure in sight: the question stays at the window's lower edge.
    reveal() {
      // The book shows its bar as soon as the page goes up.
      const bar = document.getElementById('mdbook-menu-bar')?.offsetHeight ?? 0;
      this.lab.style.scrollMarginTop = `${bar + 8}px`;
      const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
      this.lab.scrollIntoView({ block: 'start', behavior });
    }

    say(text, state = '') {
      this.said.textContent = text;
      this.said.className = `hd-said ${state}`.trim();
    }
  });
})();
