// What goes out of a lab and comes into it: a link to the moment, the native command, files, the reader's own data; and the code
// behind a decision. The lab's module makes and reads the contents, this script is the page around them.
(() => {
  const home = new URL('..', document.currentScript.src);

  const el = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  // Letters and arrows in a field are the field's own; the lab reads this mark.
  const field = (tag, properties, ...children) => {
    const element = el(tag, properties, ...children);
    element.dataset.field = '';
    return element;
  };
  const named = (element, name) => {
    element.setAttribute('aria-label', name);
    return element;
  };
  const button = (word, title, then) => el('button', { type: 'button', className: 'hd-small', textContent: word, title, onclick: then });
  const row = (name, ...controls) => el('div', { className: 'hd-outside-row' }, el('span', { className: 'hd-caption', textContent: name }), ...controls);

  // The text of the code behind the labs' decisions: asked for when somebody first wants to see some.
  let sources;
  const version = document.querySelector('meta[name=hd-wasm]')?.content;
  const read = () => sources ??= (async () => {
    if (window.headroom.sources) return window.headroom.sources;
    const answer = await fetch(new URL(`wasm/sources.json?v=${version}`, home));
    if (!answer.ok) throw new Error(`sources.json: ${answer.status}`);
    return answer.json();
  })();

  const showSource = async (details) => {
    const box = details.querySelector('div');
    if (box.hasChildNodes()) return;
    const place = details.dataset.source;
    const [file] = place.split(':');
    try {
      const source = (await read())[place];
      const code = named(field('pre', { tabIndex: 0 }, el('code', { textContent: source.text })), `lines of ${file}`);
      code.setAttribute('role', 'region');
      box.append(el('span', { textContent: `${file}, from line ${source.line}` }), code);
    } catch (error) {
      sources = undefined;
      console.warn(error);
      box.textContent = `The text of ${place} could not be loaded; the file is part of the book's repository.`;
    }
  };

  const save = (name, content, type) => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    el('a', { href: address, download: name }).click();
    // The browser has begun to write by then.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };

  // The unfolded part of one lab.
  const fill = (handle, box) => {
    const said = el('p', { className: 'hd-said' });
    said.setAttribute('role', 'status');
    const say = (text) => { said.textContent = text; };
    // The module throws sentences; anything else is a mistake of ours.
    const trying = (then) => async () => {
      try {
        await then();
      } catch (error) {
        if (typeof error !== 'string') throw error;
        say(error);
      }
    };
    const copy = async (from, what) => {
      try {
        await navigator.clipboard.writeText(from.value);
      } catch {
        // Without a secure connection there is no clipboard to write to, but there may be the old way.
        from.select();
        if (!document.execCommand('copy')) return say(`The ${what} is selected: copy it by keyboard.`);
      }
      say(handle.own_data() ? `The ${what} is copied. Your own data is not in it.` : `The ${what} is copied.`);
    };
    const shown = (name) => named(field('input', { className: 'hd-shown', readOnly: true, spellcheck: false }), name);

    const link = shown('link to this moment');
    const command = shown('command that runs this natively');
    const hash = el('code');
    const refresh = trying(() => {
      command.value = handle.text('command');
      hash.textContent = handle.text('hash');
      link.value = '';
      link.value = new URL(`simulator/index.html#lab=${handle.text('link')}`, home).href;
    });
    const png = trying(async () => {
      const canvas = el('canvas');
      const name = handle.text('name');
      handle.paint(canvas);
      const picture = await new Promise((done) => canvas.toBlob(done, 'image/png'));
      if (!picture) throw 'The browser could not make a picture of it.';
      save(`${name}.png`, picture, 'image/png');
      say('The picture is saved.');
    });
    const file = (word, title, ending, type, content) => button(word, title, trying(() => {
      // A test is named by its file, and Rust's names have no dashes and dots.
      const stem = ending === 'rs' ? handle.text('name').replace(/\W+/g, '_') : handle.text('name');
      save(`${stem}.${ending}`, content(), type);
      say(`${stem}.${ending} is saved.`);
    }));

    box.append(
      row('Link', link, button('Copy link', 'copy a link that opens this lab at this moment', trying(() => copy(link, 'link')))),
      row('Natively', command, button('Copy command', 'copy the command that runs this on your machine', trying(() => copy(command, 'command')))),
      el('p', { className: 'hd-hash' }, 'Both end with the same log: its hash up to here is ', hash, '.'),
      row('Save',
        file('log as CSV', 'the event log up to this moment', 'csv', 'text/csv', () => handle.text('csv')),
        file('figure as SVG', 'figure and charts as a drawing', 'svg', 'image/svg+xml', () => handle.text('svg')),
        button('figure as PNG', 'figure and charts as a picture', png),
        ...handle.text('test') ? [file('Rust test', 'a test of this schedule: put it into crates/schedulers/tests and run cargo test -p schedulers', 'rs', 'text/plain', () => handle.text('test'))] : []),
    );

    const take = async (blob) => {
      say('Reading …');
      try {
        // One byte more than the most: the lab then says that it is too much.
        say(handle.load(new Uint8Array(await blob.slice(0, handle.data_limit() + 1).arrayBuffer())));
      } catch (error) {
        say(typeof error === 'string' ? error : 'This could not be read.');
      }
      // A file dropped on the figure is answered further down.
      said.scrollIntoView({ block: 'nearest' });
    };
    const takes = handle.takes();
    if (takes) {
      const chosen = named(el('input', { type: 'file' }), 'file with your own data');
      chosen.onchange = () => chosen.files[0] && take(chosen.files[0]);
      const pasted = named(field('textarea', { rows: 3, spellcheck: false, placeholder: 'or paste it here' }), 'your own data');
      box.append(
        row('Your data', chosen, button('Use pasted', 'run the lab on what is in the box', () => take(new Blob([pasted.value])))),
        el('p', { className: 'hd-hash', textContent: `It takes ${takes}: choose a file, drop one on the card, or paste the text.` }),
        pasted,
      );
    }
    box.append(said);
    return { refresh, take };
  };

  // Called for a lab that comes alive; once is enough, for its stage stays when the lab in it changes.
  const filled = new WeakMap();
  const share = (host) => {
    const { stage } = host;
    if (filled.has(stage)) return;
    filled.set(stage, true);
    const unfold = (part) => {
      if (!filled.has(part)) filled.set(part, fill(host.handle, part.querySelector('div')));
      filled.get(part).refresh();
      return filled.get(part);
    };
    // It does not bubble.
    stage.addEventListener('toggle', ({ target }) => {
      if (target.open && target.matches('.hd-outside')) unfold(target);
      if (target.open && target.matches('.hd-source')) showSource(target);
    }, true);
    new MutationObserver(([{ target }]) => target.open && unfold(target))
      .observe(stage, { subtree: true, attributes: true, attributeFilter: ['data-told'] });

    // The page of this lab alone goes on where the lab stands; a lab that cannot say so opens there as the page sets it.
    stage.addEventListener('click', ({ target }) => {
      const away = target.closest?.('a.hd-full');
      if (!away) return;
      try {
        away.href = new URL(`simulator/index.html#lab=${host.handle.text('link')}`, home).href;
      } catch (error) {
        console.info(String(error));
      }
    }, true);

    const over = (is) => (event) => {
      if (!event.dataTransfer?.types.includes('Files') || !host.handle?.takes()) return false;
      event.preventDefault();
      stage.classList.toggle('hd-drop', is);
      return true;
    };
    stage.ondragover = over(true);
    stage.ondragleave = over(false);
    stage.ondrop = (event) => {
      const [file] = over(false)(event) ? event.dataTransfer.files : [];
      if (!file) return;
      const part = stage.querySelector('.hd-outside');
      part.open = true;
      unfold(part).take(file);
    };
  };

  window.headroom = Object.assign(window.headroom ?? {}, { share });
  // A lab may have come alive before this script was there.
  document.querySelectorAll('hd-lab').forEach((host) => host.handle && share(host));
})();
