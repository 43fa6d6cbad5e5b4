// Mends what keeps mdBook's own frame from being usable by keyboard and screen reader; nothing else.
(() => {
  // The sidebar's switch is a label, which neither takes the focus nor may say whether the sidebar is open.
  const label = document.getElementById('mdbook-sidebar-toggle');
  const box = document.getElementById('mdbook-sidebar-toggle-anchor');
  if (label && box) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = label.className;
    button.title = label.title;
    button.setAttribute('aria-label', label.getAttribute('aria-label'));
    button.setAttribute('aria-controls', 'mdbook-sidebar');
    button.append(...label.childNodes);
    const say = () => button.setAttribute('aria-expanded', box.checked);
    button.addEventListener('click', () => label.click());
    box.addEventListener('change', say);
    say();
    label.before(button);
    label.classList.add('hidden');
  }

  // What scrolls sideways can be reached, and scrolled by the arrow keys without turning the page.
  const fits = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute('tabindex');
  }));
  document.querySelectorAll('main pre > code, main .table-wrapper').forEach((box) => {
    fits.observe(box);
    box.addEventListener('keydown', (event) => {
      if (box.tabIndex === 0 && /^Arrow(Left|Right)$/.test(event.key)) event.stopPropagation();
    });
  });

  // Every part of the page belongs to a landmark.
  const role = (id, name, text) => {
    const element = document.getElementById(id);
    element?.setAttribute('role', name);
    if (text) element?.setAttribute('aria-label', text);
  };
  role('mdbook-menu-bar', 'banner');
  role('mdbook-search-wrapper', 'search');
  role('mdbook-help-popup', 'dialog', 'Keyboard shortcuts');
  // Paper is white, whatever the screen is.
  const root = document.documentElement;
  const dark = ['coal', 'navy', 'ayu'];
  let screen;
  addEventListener('beforeprint', () => {
    screen = dark.find((theme) => root.classList.contains(theme));
    if (screen) root.classList.replace(screen, 'light');
  });
  addEventListener('afterprint', () => {
    if (screen) root.classList.replace('light', screen);
  });

  // A placeholder is gone with the first letter.
  document.getElementById('mdbook-searchbar')?.setAttribute('aria-label', 'Search this book');
})();
