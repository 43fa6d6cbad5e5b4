//! What a reader has done: counted, exported, imported, cleared.

use anyhow::Result;

use super::learning::{SECTION, page, script};
use crate::World;
use crate::browser::Window;

/// Page scripts of the table of what has been done.
const DONE: &str = r#"
const progress = document.querySelector('hd-progress');
await until('the table is filled', () => progress.classList.contains('hd-alive'));
const row = progress.querySelector('tr[data-page="scalability/rate-limiting.html"]');
const cells = () => [...row.querySelectorAll('td')].map(cell => cell.innerText.split('\n').at(-1).trim());
const prefix = 'headroom:answer:scalability/rate-limiting.html#';
const give = async content => {
    const input = progress.querySelector('input[type=file]');
    const given = new DataTransfer();
    given.items.add(new File([typeof content === 'string' ? content : JSON.stringify(content)], 'headroom-progress.json'));
    input.files = given.files;
    progress.querySelector('.hd-said').textContent = '';
    input.dispatchEvent(new Event('change'));
    return until('an answer', () => text(progress, '.hd-said'));
};
const file = answers => ({ program: 'headroom-progress', version: 1, answers });
const stored = () => JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith('headroom:')).sort());
"#;

pub(crate) async fn what_has_been_done_is_counted_exported_and_cleared(
    world: &World,
) -> Result<()> {
    let tab = page(world, Window::WIDE, SECTION).await?;
    let body = "press(predict, 'I don\\'t know'); await seen(); return true;";
    tab.require("a prediction", &script(body)).await?;
    tab.goto(&format!("{}progress.html", world.site.url))
        .await?;
    let counted = "
        if (!cells()[0].startsWith('1 of ') || !cells()[2].startsWith('0 of 1') || !cells()[3].startsWith('1 of ')) return cells().join();
        let saved;
        URL.createObjectURL = blob => { saved = blob; return 'data:,'; };
        HTMLAnchorElement.prototype.click = () => {};
        press(progress, 'Export');
        const exported = JSON.parse(await saved.text());
        const places = Object.keys(exported.labs);
        const at = place => localStorage.getItem(`headroom:${new URL('.', location).pathname}${place}`);
        if (exported.version !== 1 || !exported.answers[prefix + predictId] || !places.length || !places.every(at)) return JSON.stringify(exported);
        localStorage.setItem('mdbook-theme', 'light');
        press(progress, 'Clear …');
        press(progress, 'Keep it');
        if (!cells()[0].startsWith('1 of ')) return 'it was cleared without an answer';
        press(progress, 'Clear …');
        press(progress, 'Clear it all');
        if (!cells()[0].startsWith('0 of ') || localStorage.getItem(prefix + predictId) || places.some(at)) return 'it was not cleared';
        if (!localStorage.getItem('mdbook-theme')) return 'it cleared what is not its own';
        await give(exported);
        if (!places.every(at)) return 'the labs do not stand where they were left';
        return cells()[0].startsWith('1 of ') || 'import: ' + cells();";
    let counted = format!(
        "{DONE} const predictId = row.querySelector('td').dataset.ids.split(' ')[0]; {counted}"
    );
    tab.require("the table", &script(&counted)).await?;
    tab.close().await
}

pub(crate) async fn an_import_loses_nothing_and_refuses_what_is_not_its_own(
    world: &World,
) -> Result<()> {
    let tab = page(world, Window::PHONE, "progress.html").await?;
    let body = "
        const put = (id, value) => localStorage.setItem(prefix + id, JSON.stringify(value));
        put('q', { kind: 'quiz', choice: 'a', right: true, done: true });
        put('challenge-newsletter', { kind: 'challenge', met: 90, of: 100, knobs: { rate: 9 }, done: false });
        put('p', { kind: 'predict', guess: 40, open: false, done: true });
        const before = stored();
        const wrong = ['', '{', '[]', 'null', '\"x\"', { version: 1 }, { program: 'headroom-progress', version: 2, answers: {} },
            { program: 'headroom-progress', version: 1 }, file([]), file({ 'mdbook-theme': { kind: 'quiz', done: true } }),
            file({ 'headroom:answer:a.html#b': 7 }), file({ 'headroom:answer:a.html#b': { kind: 'other', done: true } }),
            file({ 'headroom:answer:a.html#b': { kind: 'quiz', done: 1 } }), file({ 'headroom:answer:a.html': { kind: 'quiz', done: true } }),
            file({ 'headroom:answer:a.html#b': { kind: 'quiz', done: true, choice: 'x'.repeat(20000) } }),
            file({ 'headroom:answer:a.html#c': { kind: 'quiz', done: true }, 'other': { kind: 'quiz', done: true } }),
            { ...file({}), labs: { 'a.html:one-bucket:7::': 7 } }, { ...file({}), labs: { 'a.html:one-bucket:7::': 'nonsense' } }, { ...file({}), labs: [1] }, 'x'.repeat(1000001)];
        for (const content of wrong) {
            const said = await give(content);
            if (!said.startsWith('This file') && !said.includes('is not an answer of this book')) return said;
            if (said.split(/[.] /).length > 1) return 'more than a sentence: ' + said;
            if (stored() !== before) return 'a bad file changed something: ' + JSON.stringify(content).slice(0, 80);
        }
        await give(file({
            [prefix + 'q']: { kind: 'quiz', choice: 'b', right: false, done: true },
            [prefix + 'challenge-newsletter']: { kind: 'challenge', met: 97, of: 100, knobs: { rate: 8 }, done: true },
            [prefix + 'p']: { kind: 'predict', open: true, done: true },
            [prefix + 'new']: { kind: 'predict', guess: null, open: false, done: true },
        }));
        const now = id => JSON.parse(localStorage.getItem(prefix + id));
        if (!now('q').right || now('p').guess !== 40 || now('new').guess !== null) return 'something was lost: ' + stored();
        if (now('challenge-newsletter').met !== 97 || !now('challenge-newsletter').done) return 'the better attempt was not taken';
        await give(file({ [prefix + 'challenge-newsletter']: { kind: 'challenge', met: 20, of: 100, knobs: {}, done: false } }));
        return (now('challenge-newsletter').met === 97 && now('challenge-newsletter').done) || 'a worse attempt replaced the better';";
    tab.require("importing", &script(&format!("{DONE} {body}")))
        .await?;
    tab.close().await
}
