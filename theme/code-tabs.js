// Turns each group of code in several languages into tabs, and remembers the reader's language for all of them.
(() => {
  if (location.pathname.endsWith('/print.html')) return;
  const KEY = 'headroom-language';
  const groups = [];

  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (name) => { try { localStorage.setItem(KEY, name); } catch { /* Then it is not remembered. */ } };

  // Shows the language in every group that has it.
  function choose(name) {
    for (const { tabs, panels } of groups) {
      const chosen = panels.findIndex((panel) => panel.dataset.tab === name);
      if (chosen < 0) continue;
      panels.forEach((panel, index) => { panel.hidden = index !== chosen; });
      tabs.forEach((tab, index) => {
        tab.setAttribute('aria-selected', index === chosen);
        tab.tabIndex = index === chosen ? 0 : -1;
      });
    }
  }

  // What the reader clicked stays where it is on the screen, although groups above it change their height.
  function chooseAt(tab, name) {
    const before = tab.getBoundingClientRect().top;
    choose(name);
    remember(name);
    scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: 'instant' });
  }

  function press(event, tabs) {
    const at = tabs.indexOf(event.currentTarget);
    const last = tabs.length - 1;
    const to = { ArrowLeft: at > 0 ? at - 1 : last, ArrowRight: at < last ? at + 1 : 0, Home: 0, End: last }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    // The book would turn the page.
    event.stopPropagation();
    event.preventDefault();
    tabs[to].focus();
    chooseAt(tabs[to], tabs[to].textContent);
  }

  document.querySelectorAll('.hd-tabs').forEach((group, nth) => {
    const panels = [...group.querySelectorAll(':scope > [data-tab]')];
    const list = document.createElement('div');
    list.className = 'hd-tablist';
    list.setAttribute('role', 'tablist');
    list.setAttribute('aria-label', 'Language');
    const tabs = panels.map((panel, index) => {
      const tab = document.createElement('button');
      tab.type = 'button';
      tab.textContent = panel.dataset.tab;
      tab.id = `hd-tab-${nth}-${index}`;
      panel.id ||= `hd-panel-${nth}-${index}`;
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', panel.id);
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
      return tab;
    });
    tabs.forEach((tab) => {
      tab.addEventListener('click', () => chooseAt(tab, tab.textContent));
      tab.addEventListener('keydown', (event) => press(event, tabs));
    });
    list.append(...tabs);
    group.prepend(list);
    group.classList.add('hd-alive');
    groups.push({ tabs, panels });
    choose(panels[0].dataset.tab);
  });
  choose(remembered());
})();
