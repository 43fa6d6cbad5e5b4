// Questions that answer by themselves, and phrases that take a lab to a moment. Without this script both are plain text.
(() => {
  if (location.pathname.endsWith('/print.html')) return;
  // Everything is found relative to this script, so the book works under any path.
  const home = new URL('..', document.currentScript.src).pathname;

  // The page as answers are kept under: its path within the book, however its address is written.
  const page = (() => {
    const path = decodeURI(location.pathname).slice(decodeURI(home).length);
    if (!path || path.endsWith('/')) return `${path}index.html`;
    return path.endsWith('.html') ? path : `${path}.html`;
  })();

  const make = (name, className, ...children) => {
    const element = document.createElement(name);
    element.className = className;
    element.append(...children);
    return element;
  };
  const icon = (path) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 20 20');
    svg.setAttribute('aria-hidden', 'true');
    svg.innerHTML = `<path d="${path}"/>`;
    return svg;
  };
  const CHECK = 'M4.5 10.5l4 4 7-8.5';
  const CROSS = 'M5.5 5.5l9 9m0-9l-9 9';

  // The words of a choice, by which an answer is kept: a page may gain and lose choices between two visits.
  const words = (node) => node.textContent.trim().replace(/\s+/g, ' ').slice(0, 200);

  customElements.define('hd-quiz', class extends HTMLElement {
    connectedCallback() {
      if (this.choices) return;
      const question = this.querySelector('.hd-question');
      const list = this.querySelector('.hd-choices');
      const reasons = [...this.querySelectorAll('.hd-answers > ol > li')];
      if (!question || !list || reasons.length !== list.children.length) return;
      question.id = `${this.id}-question`;
      list.setAttribute('role', 'radiogroup');
      list.setAttribute('aria-labelledby', question.id);
      this.choices = [...list.children].map((item, nth) => this.choice(item, reasons[nth], nth));
      this.verdict = make('p', 'hd-verdict');
      this.verdict.setAttribute('role', 'status');
      this.again = make('button', 'hd-again', 'Try again');
      this.again.type = 'button';
      this.again.addEventListener('click', () => this.reset());
      this.append(make('div', 'hd-quiz-foot', this.verdict, this.again));
      this.classList.add('hd-alive');
      this.show(this.recall(), false);
    }

    // Makes one item of the list a button, with its explanation below it.
    choice(item, reason, nth) {
      const button = make('div', 'hd-choice');
      const mark = make('span', 'hd-choice-mark');
      const label = make('div', 'hd-choice-text', ...item.childNodes);
      const tag = make('span', 'hd-choice-tag');
      button.append(mark, label, tag);
      button.setAttribute('role', 'radio');
      // What is folded out below stays in the page for print; here stands a copy.
      const why = make('div', 'hd-choice-why', ...[...reason.cloneNode(true).childNodes]);
      why.querySelector('.hd-mark')?.remove();
      why.id = `${this.id}-why-${nth}`;
      item.setAttribute('role', 'none');
      item.append(button, why);
      button.addEventListener('click', () => this.choose(nth));
      button.addEventListener('keydown', (event) => this.press(event, nth));
      return { item, button, mark, tag, why, right: item.hasAttribute('data-right'), words: words(label) };
    }

    // As with radio buttons the arrows go from choice to choice; unlike there they only move, because choosing answers.
    press(event, nth) {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target !== event.currentTarget) return;
      const last = this.choices.length - 1;
      const next = nth < last ? nth + 1 : 0;
      const before = nth > 0 ? nth - 1 : last;
      const to = { ArrowDown: next, ArrowRight: next, ArrowUp: before, ArrowLeft: before, Home: 0, End: last }[event.key];
      if (to !== undefined) this.focusOn(to);
      else if (event.key === ' ' || event.key === 'Enter') this.choose(nth);
      else return;
      // The book would turn the page, and the window scroll.
      event.stopPropagation();
      event.preventDefault();
    }

    focusOn(nth) {
      this.choices.forEach(({ button }, index) => { button.tabIndex = index === nth ? 0 : -1; });
      this.choices[nth].button.focus();
    }

    choose(nth) {
      if (this.chosen !== null) return;
      const choice = this.choices[nth];
      this.keep({ kind: 'quiz', choice: choice.words, right: choice.right, done: true });
      this.show(nth, true);
      choice.button.focus();
    }

    reset() {
      const focus = Math.max(0, this.chosen ?? 0);
      // That the question has been answered once stays known.
      this.keep({ kind: 'quiz', choice: null, right: false, done: true });
      this.show(null, true);
      this.focusOn(focus);
    }

    // Shows choice number `chosen` as the reader's, or none; `now` tells whether it has just been made.
    show(chosen, now) {
      this.chosen = chosen;
      const answered = chosen !== null;
      this.classList.toggle('hd-answered', answered);
      this.again.hidden = !answered;
      this.choices.forEach((choice, nth) => {
        const { item, button, mark, tag, why, right } = choice;
        const own = nth === chosen;
        item.classList.toggle('hd-right', answered && right);
        item.classList.toggle('hd-wrong', answered && own && !right);
        mark.replaceChildren(...answered && (right || own) ? [icon(right ? CHECK : CROSS)] : []);
        tag.textContent = !answered ? '' : own ? `your answer, ${right ? 'right' : 'not right'}` : right ? 'right answer' : '';
        why.hidden = !answered;
        button.setAttribute('aria-checked', own);
        button.setAttribute('aria-disabled', answered);
        if (answered) button.setAttribute('aria-describedby', why.id);
        else button.removeAttribute('aria-describedby');
        button.tabIndex = nth === (chosen ?? 0) ? 0 : -1;
      });
      this.say(now);
    }

    // The verdict; a reader who hears the page also hears why, one who sees it reads that below the choice.
    say(now) {
      if (this.chosen === null) {
        this.verdict.textContent = 'Choose one; then each is explained.';
        return;
      }
      const { right, why } = this.choices[this.chosen];
      this.verdict.textContent = right ? 'Right.' : 'Not this one; the right answer is marked.';
      if (now) this.verdict.append(make('span', 'hd-heard', ` ${why.textContent.trim()}`));
    }

    get key() { return `headroom:answer:${page}#${this.id}`; }

    keep(answer) {
      try { localStorage.setItem(this.key, JSON.stringify(answer)); } catch { /* Then it is not kept. */ }
    }

    // The number of the choice made on an earlier visit; what cannot be read counts as none.
    recall() {
      try {
        const kept = JSON.parse(localStorage.getItem(this.key));
        const nth = this.choices.findIndex((choice) => choice.words === kept?.choice);
        return nth < 0 ? null : nth;
      } catch {
        return null;
      }
    }
  });

  customElements.define('hd-seek', class extends HTMLElement {
    connectedCallback() {
      if (this.alive) return;
      this.alive = true;
      // A click by keyboard has no place on the screen.
      this.addEventListener('click', ({ detail }) => this.go(detail === 0));
      // A copy of one that was alive has its button already.
      if (this.querySelector('button')) return;
      const button = make('button', 'hd-seek', ...this.childNodes);
      button.type = 'button';
      button.title = 'Show this in the lab';
      this.append(button);
    }

    async go(byKeyboard) {
      const lab = document.getElementById(this.getAttribute('for'));
      if (!lab) return;
      const wishes = {};
      for (const name of ['seed', 'knobs']) if (this.hasAttribute(name)) wishes[name] = this.getAttribute(name);
      if (this.hasAttribute('at')) wishes.at = Number(this.getAttribute('at'));
      this.reveal(lab);
      try {
        await customElements.whenDefined('hd-lab');
        await lab.start?.();
        await lab.ready;
        lab.open?.(wishes);
        // The phrase may be out of sight now, and its keys are not the lab's.
        if (byKeyboard) lab.shadowRoot?.querySelector('.hd-play')?.focus({ preventScroll: true });
      } catch (error) {
        // A lab that cannot start says so in its own place.
        console.warn(error);
      }
    }

    // Scrolls no further than needed, so that the phrase stays in sight if it can.
    reveal(lab) {
      const box = lab.getBoundingClientRect();
      const bar = document.getElementById('mdbook-menu-bar')?.getBoundingClientRect().bottom ?? 0;
      const room = innerHeight - Math.max(0, bar);
      const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
      lab.style.scrollMarginTop = `${Math.max(0, bar) + 8}px`;
      lab.scrollIntoView({ block: box.height < room ? 'nearest' : 'start', behavior });
    }
  });
})();
