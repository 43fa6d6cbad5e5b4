// What the reader has done: kept in this browser alone, shown as a table, taken elsewhere as a file.
(() => {
  // Everything is found relative to this script, so the book works under any path.
  const home = new URL('..', document.currentScript.src).pathname;
  const PREFIX = 'headroom:answer:';

  // The page as answers are kept under: its path within the book, however its address is written.
  const page = (() => {
    const path = decodeURI(location.pathname).slice(decodeURI(home).length);
    if (!path || path.endsWith('/')) return `${path}index.html`;
    return path.endsWith('.html') ? path : `${path}.html`;
  })();

  // What cannot be read counts as not there.
  const read = (key) => {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      return kept && typeof kept === 'object' && !Array.isArray(kept) ? kept : null;
    } catch { return null; }
  };
  const write = (key, value) => {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* Then it is not kept. */ }
  };

  const make = (name, className, ...children) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const button = (label, className, then) => {
    const element = make('button', className, label);
    element.type = 'button';
    element.addEventListener('click', then);
    return element;
  };

  // For the scripts of the other elements.
  window.headroom ??= {};
  window.headroom.answers = {
    get: (id) => read(`${PREFIX}${page}#${id}`),
    set: (id, value) => write(`${PREFIX}${page}#${id}`, value),
    make,
    button,
  };
  if (location.pathname.endsWith('/print.html')) return;

  // A lab counts as opened when somebody has touched or played it.
  const opened = (event) => {
    const lab = event.target.closest?.('hd-lab');
    if (!lab || lab.hasAttribute('wide') || lab.hasAttribute('locked') || (event.type === 'hd-moment' && !event.detail?.playing)) return;
    const id = `lab-${lab.getAttribute('lab')}`;
    if (!headroom.answers.get(id)) headroom.answers.set(id, { kind: 'lab', done: true });
  };
  for (const type of ['click', 'input', 'hd-moment']) document.addEventListener(type, opened);

  /* The file. */
  const VERSION = 1;
  const MOST_BYTES = 1_000_000;
  const MOST_VALUE = 20_000;
  const KINDS = ['quiz', 'predict', 'challenge', 'lab'];
  const KEY = /^headroom:answer:[^#\s]{1,200}#[a-z0-9-]{1,100}$/;
  // Where a lab was left: kept by the shell under the address of its page, which is another one elsewhere; in the file it begins at the book.
  const PLACES = `headroom:${home}`;
  const PLACE = /^[^\s:]{1,200}:[a-z0-9-]{1,60}:\S{0,400}$/;
  const LINE = /^\d+;\d+;\d+;\S{0,8000}$/;

  const all = () => {
    const found = {};
    try {
      for (let nth = 0; nth < localStorage.length; nth++) {
        const key = localStorage.key(nth);
        const value = key.startsWith(PREFIX) && read(key);
        if (value) found[key] = value;
      }
    } catch { /* Then there is nothing. */ }
    return found;
  };

  const places = () => {
    const found = {};
    try {
      for (const key of Object.keys(localStorage)) {
        const [place, line] = [key.slice(PLACES.length), localStorage.getItem(key)];
        if (key.startsWith(PLACES) && PLACE.test(place) && LINE.test(line)) found[place] = line;
      }
    } catch { /* Then there are none. */ }
    return found;
  };

  // The answers and places of a file, or a sentence on what is wrong with it.
  const parsed = (text) => {
    let file;
    try { file = JSON.parse(text); } catch { throw 'This file is not JSON, so it is not one that was exported here.'; }
    if (file?.program !== 'headroom-progress') throw 'This file was not exported from this page.';
    if (file.version !== VERSION) throw `This file has version ${JSON.stringify(file.version)?.slice(0, 20)}; this page reads version ${VERSION}.`;
    const { answers } = file;
    if (!answers || typeof answers !== 'object' || Array.isArray(answers)) throw 'This file holds no answers.';
    for (const [key, value] of Object.entries(answers)) {
      const good = KEY.test(key) && value && typeof value === 'object' && KINDS.includes(value.kind)
        && typeof value.done === 'boolean' && JSON.stringify(value).length <= MOST_VALUE;
      if (!good) throw `“${key.slice(0, 60)}” in this file is not an answer of this book.`;
    }
    const { labs = {} } = file;
    if (!labs || typeof labs !== 'object' || Array.isArray(labs)) throw 'This file does not say where the labs were left.';
    for (const [place, line] of Object.entries(labs)) {
      if (!PLACE.test(place) || typeof line !== 'string' || !LINE.test(line)) throw `“${place.slice(0, 60)}” in this file is not an answer of this book.`;
    }
    return { answers, labs };
  };

  // Of two answers to the same question the one that shows more; what was done stays done.
  const merged = (own, other) => {
    if (!own) return other;
    const share = ({ met, of }) => (met >= 0 && of > 0 ? met / of : -1);
    const better = {
      quiz: other.right === true && own.right !== true,
      predict: own.open === true && other.open !== true,
      challenge: share(other) > share(own),
    }[own.kind] && other.kind === own.kind;
    return { ...(better ? other : own), done: own.done === true || other.done === true };
  };

  // Writes all of them or none.
  const take = ({ answers, labs }) => {
    const before = [];
    const put = (key, value) => {
      before.push([key, localStorage.getItem(key)]);
      localStorage.setItem(key, value);
    };
    try {
      for (const [key, other] of Object.entries(answers)) put(key, JSON.stringify(merged(read(key), other)));
      // A lab that stands somewhere here stays there.
      for (const [place, line] of Object.entries(labs)) if (localStorage.getItem(PLACES + place) === null) put(PLACES + place, line);
    } catch {
      for (const [key, value] of before) {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
      }
      throw 'The browser has no room for these answers; nothing was changed.';
    }
    return Object.keys(answers).length;
  };

  const done = (kind, value) => value !== null && (kind === 'quiz' ? value.right === true : value.done === true);
  const COLUMNS = ['predict', 'quiz', 'challenge', 'lab'];

  customElements.define('hd-progress', class extends HTMLElement {
    connectedCallback() {
      if (this.said) return;
      this.said = make('p', 'hd-said');
      this.said.setAttribute('role', 'status');
      this.file = make('input', '');
      Object.assign(this.file, { type: 'file', accept: '.json,application/json', hidden: true });
      this.file.setAttribute('aria-label', 'A file exported from this page');
      this.file.addEventListener('change', () => this.load());
      this.clear = button('Clear …', 'hd-button', () => this.ask(true));
      this.sure = make('span', 'hd-sure', 'Forget everything you have done here? ',
        button('Clear it all', 'hd-button', () => this.forget()),
        button('Keep it', 'hd-button', () => this.ask(false)));
      this.sure.hidden = true;
      this.append(make('div', 'hd-learn-buttons',
        button('Export', 'hd-button hd-primary', () => this.save()),
        button('Import …', 'hd-button', () => this.file.click()),
        this.clear, this.sure, this.file), this.said);
      this.classList.add('hd-alive');
      this.show();
      // Another tab may be where things are done.
      addEventListener('storage', () => this.show());
      addEventListener('pageshow', () => this.show());
    }

    show() {
      const totals = COLUMNS.map(() => [0, 0]);
      for (const row of this.querySelectorAll('tbody tr')) {
        [...row.querySelectorAll('td')].forEach((cell, nth) => {
          const ids = cell.dataset.ids.split(' ').filter(Boolean);
          const met = ids.filter((id) => done(COLUMNS[nth], read(`${PREFIX}${row.dataset.page}#${id}`))).length;
          this.fill(cell, met, ids.length);
          totals[nth][0] += met;
          totals[nth][1] += ids.length;
        });
      }
      this.querySelectorAll('tfoot td').forEach((cell, nth) => this.fill(cell, ...totals[nth]));
    }

    fill(cell, met, of) {
      cell.textContent = of ? `${met} of ${of}` : '–';
      cell.classList.toggle('hd-complete', of > 0 && met === of);
    }

    save() {
      const answers = all();
      const text = JSON.stringify({ program: 'headroom-progress', version: VERSION, answers, labs: places() }, null, 1);
      const link = make('a', '');
      link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
      link.download = 'headroom-progress.json';
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      this.say(`Exported ${count(Object.keys(answers).length)} to headroom-progress.json.`);
    }

    async load() {
      const [file] = this.file.files;
      this.file.value = '';
      if (!file) return;
      try {
        if (file.size > MOST_BYTES) throw 'This file is larger than a megabyte, so it is not one that was exported here.';
        const taken = take(parsed(await file.text()));
        this.say(`Took over ${count(taken)}; nothing of yours was lost.`);
      } catch (why) {
        this.say(typeof why === 'string' ? why : 'This file cannot be read.', true);
      }
      this.show();
    }

    ask(asking) {
      this.sure.hidden = !asking;
      this.clear.hidden = asking;
      (asking ? this.sure.querySelector('button:last-child') : this.clear).focus();
    }

    forget() {
      try {
        // Also where the labs were left.
        const keys = Object.keys(localStorage).filter((key) => key.startsWith('headroom:'));
        keys.forEach((key) => localStorage.removeItem(key));
        this.say(`Cleared ${count(keys.filter((key) => key.startsWith(PREFIX)).length)}.`);
      } catch {
        this.say('The browser does not let this page clear anything.', true);
      }
      this.ask(false);
      this.show();
    }

    say(text, wrong = false) {
      this.said.textContent = text;
      this.said.classList.toggle('hd-wrong', wrong);
    }
  });

  // The map of all sections says what has been done in each.
  const map = () => document.querySelectorAll('.hd-map a[href]').forEach((link) => {
    const section = decodeURI(link.pathname).slice(decodeURI(home).length);
    const met = Object.entries(all()).filter(([key, { kind, ...value }]) => key.startsWith(`${PREFIX}${section}#`) && done(kind, value)).length;
    link.nextElementSibling?.remove();
    if (met) link.after(make('span', 'hd-map-done', `${met} done`));
  });
  map();
  addEventListener('pageshow', map);

  const count = (number) => (number === 1 ? '1 answer' : `${number} answers`);
})();
