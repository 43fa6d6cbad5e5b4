// The pad a reader draws a prediction on, with mouse, finger or keyboard; theme/predict.js puts it into its question.
(() => {
  if (location.pathname.endsWith('/print.html')) return;
  const { make } = headroom.answers;
  const sum = (values) => values.reduce((all, value) => all + value, 0);
  // Runs of milliseconds are told in theirs.
  const seconds = (value) => {
    const [factor, name] = value >= 0.2 || value === 0 ? [1, 's'] : value >= 2e-4 ? [1e3, 'ms'] : [1e6, 'µs'];
    return `${Math.round(value * factor * 100) / 100} ${name}`;
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

  headroom.drawing = { curve, seconds };
})();
