//! What pages do with a lab: lock it, open it at a moment, ask the engine; and two runs side by side.

use anyhow::{Context, Result, bail};
use thirtyfour::Key;

use super::access::AXE;
use super::labs::{flowing, ids, script, section};
use crate::World;
use crate::browser::{Tab, Window};

/// Page scripts that begin a comparison and turn knobs in it.
const COMPARE: &str = r#"
const root = id => host(id).shadowRoot;
const controls = id => [...root(id).querySelectorAll('.hd-knob :is(input, select)')];
const card = id => inside(id, '.hd-card').getBoundingClientRect().height;
const pair = id => still(() => [...root(id).querySelectorAll('.hd-figures canvas')].map(canvas => canvas.toDataURL()));
const compare = async id => { press(id, 'compare'); await until('two figures', () => root(id).querySelectorAll('.hd-figures canvas').length === 2); };
const turnB = async id => {
    const ranges = controls(id).filter(knob => knob.type === 'range' && knob.ariaLabel.endsWith(', B'));
    for (const range of ranges) { range.value = 0.2; range.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true })); await pause(60); }
    return ranges.length;
};
const seek = (id, secs) => {
    const slider = inside(id, '.hd-time');
    slider.value = secs * pace(id);
    slider.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
};
"#;

fn comparing(id: &str, body: &str) -> String {
    script(id, &[COMPARE, body].concat())
}

pub(crate) async fn a_locked_lab_does_nothing_and_says_why(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    for id in ids() {
        let body = "
            const lab = host(id);
            await lab.ready;
            const height = inside(id, '.hd-card').getBoundingClientRect().height;
            await lab.open({ at: 5 * pace(id) });
            const reason = 'First say what you expect.';
            lab.lock(reason);
            const play = await until('Play is shut', () => inside(id, '.hd-play[aria-disabled=true]'));
            if (inside(id, '.hd-lock').textContent !== reason) return 'no reason in the card';
            if (play.title !== reason) return 'no reason on Play';
            if (inside(id, '.hd-card').getBoundingClientRect().height !== height) return 'the card has moved';
            const shut = await settled(id);
            if (parseFloat(shut.now) !== 0 || shut.log.trim() !== '') return 'the past is still there: ' + shut.now;
            play.click();
            press(id, 'step');
            press(id, 'another seed');
            const slider = inside(id, '.hd-time');
            slider.value = 9;
            slider.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
            if (await lab.open({ at: 3 * pace(id) })) return 'the page could open it';
            await pause(300);
            if (!same(shut, await settled(id))) return 'it did something';
            if (slider.valueAsNumber !== 0) return 'the slider stayed where it was dragged';
            if (inside(id, '.hd-speech').textContent !== reason) return 'no reason is spoken';
            if (inside(id, 'a[href]')) return 'the full-screen page shows it';
            lab.unlock();
            await until('it opens', () => !inside(id, '.hd-lock'));
            press(id, 'step');
            await until('it steps', () => inside(id, '.hd-log tbody').innerText.trim());
            return true;";
        tab.require(id, &script(id, body)).await?;
    }
    tab.close().await
}

pub(crate) async fn a_page_opens_a_lab_where_it_wants_and_is_told_of_moments(
    world: &World,
) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    let body = "
        const lab = host(id);
        const moments = [];
        document.addEventListener('hd-moment', event => event.target === lab && moments.push({ at: performance.now(), ...event.detail }));
        if (!await lab.open({ seed: 3, at: 4.5, knobs: 'burst=20' })) return 'not opened';
        await until('the moment is told', () => moments.at(-1)?.seconds === 4.5);
        const { seed, turned, playing, ended } = moments.at(-1);
        if (seed !== 3 || !turned || playing || ended) return JSON.stringify(moments.at(-1));
        if (!now(id).startsWith('4.50')) return now(id);
        const chart = () => inside(id, '.hd-chart canvas').toDataURL();
        const before = chart();
        lab.sketch(0, [[0, 40], [15, 5], [30, 0]]);
        await until('the curve is drawn', () => chart() !== before);
        if (![...host(id).shadowRoot.querySelectorAll('.hd-key')].some(key => key.innerText === 'your curve')) return 'no legend';
        lab.sketch(0, null);
        await until('the curve is gone', () => chart() === before);
        await lab.open({ play: true });
        moments.length = 0;
        await pause(2000);
        if (moments.length < 5 || moments.length > 17) return moments.length + ' moments in 2 s';
        if (moments.at(-1).turned || !moments.at(-1).playing) return JSON.stringify(moments.at(-1));
        await lab.open({ at: 1e9, knobs: 'x' });
        await until('nonsense is told', () => inside(id, '.hd-note'));
        return true;";
    tab.require("one-bucket", &script("one-bucket", body))
        .await?;
    tab.close().await
}

pub(crate) async fn the_engine_answers_a_page_as_it_does_natively(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    for entry in labs::ALL {
        let mut run = entry.open(9);
        let kind = run.kinds()[0].name;
        let query = format!("count({kind})");
        let native = labs::Query::parse(&query)
            .and_then(|query| query.ask(&mut *run))
            .map_err(anyhow::Error::msg)?;
        let body = format!(
            "return (await headroom.module()).ask('{}', 9, '', '{query}');",
            entry.id
        );
        let page = tab.run(&body).await?;
        if page.as_f64() != Some(native.value) {
            bail!(
                "{} {query}: {} natively, {page} in the page",
                entry.id,
                native.value
            );
        }
    }
    for challenge in labs::CHALLENGES {
        for nth in 0..5 {
            let native = challenge.judge(&[], labs::Challenge::seed(nth));
            let body = format!(
                "return JSON.parse((await headroom.module()).judge('{}', '', {nth}));",
                challenge.id
            );
            let page = tab.run(&body).await?;
            let same = page["seed"] == native.seed
                && page["met"] == native.met()
                && page["miss"].as_f64() == Some(native.miss);
            if !same {
                bail!("{}: {native:?} natively, {page} in the page", challenge.id);
            }
        }
    }
    let body =
        "try { (await headroom.module()).ask('one-bucket', 1, '', 'what?'); return 'an answer'; }
        catch (told) { return typeof told === 'string' && told.length > 10 || String(told); }";
    tab.require("a question that cannot be read", body).await?;
    tab.close().await
}

pub(crate) async fn two_settings_are_compared_at_one_moment(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    for id in flowing() {
        let body = "
            // Where it shows that a breaker waits for less long: after it has opened.
            const moment = id === 'three-breakers' ? 8 : 4;
            seek(id, moment);
            const alone = await settled(id), height = card(id);
            await compare(id);
            let [a, b] = await pair(id);
            if (a !== b) return 'two equal runs look different';
            if (await turnB(id) === 0) return true;
            [a, b] = await pair(id);
            if (a === b) return 'the knobs of B changed nothing';
            if (a !== alone.pixels) return 'the knobs of B changed A';
            seek(id, 9);
            const later = await pair(id);
            // Of a hundred thousand tasks the other runtimes have ended all by then, and nothing moves any more.
            const done = id === 'hundred-thousand';
            if (later[0] === a || (later[1] === b && !done)) return 'a run stayed behind';
            seek(id, moment);
            if ((await pair(id)).join() !== [a, b].join()) return 'there and back shows other figures';
            const heads = [...root(id).querySelectorAll('.hd-pairs thead th')].map(head => head.innerText);
            if (heads.join() !== 'A,B,B − A') return heads.join();
            for (let nth = 0; nth < 6; nth++) press(id, 'step');
            const stepped = (await pair(id)).join();
            for (let nth = 0; nth < 3; nth++) press(id, 'step back');
            await frames();
            for (let nth = 0; nth < 3; nth++) press(id, 'step');
            if ((await pair(id)).join() !== stepped) return 'three steps back and forth show other figures';
            press(id, 'end comparison');
            seek(id, moment);
            const end = await settled(id);
            if (card(id) !== height) return `the card was ${height} px high and is ${card(id)}`;
            return same(end, alone) || 'A is not what it was';";
        tab.require(id, &comparing(id, body)).await?;
    }
    tab.close().await
}

pub(crate) async fn the_log_tells_why_in_both_runs_by_keyboard(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    let id = "one-bucket";
    let begin = "
        seek(id, 6);
        await compare(id);
        await turnB(id);
        root(id).querySelector('[aria-label=\"log of B\"]').focus();
        return true;";
    tab.require(id, &comparing(id, begin)).await?;
    tab.press(Key::Enter).await?;
    let focus = "
        await until('the log of B', () => inside(id, '[aria-label=\"log of B\"][aria-pressed=true]'));
        inside(id, '.hd-log tbody button').focus();
        return true;";
    tab.require(id, &comparing(id, focus)).await?;
    tab.press(Key::Enter).await?;
    let why = "
        await until('the reason', () => inside(id, '.hd-why b')?.innerText.startsWith('B: '));
        if (inside(id, '.hd-why button.hd-link') === null) return 'no link to the entry';
        inside(id, '[aria-label=\"log of A\"]').focus();
        return true;";
    tab.require(id, &comparing(id, why)).await?;
    tab.press(Key::Enter).await?;
    let back = "
        await until('the log of A', () => inside(id, '[aria-label=\"log of A\"][aria-pressed=true]'));
        inside(id, '.hd-log tbody button').focus();
        return true;";
    tab.require(id, &comparing(id, back)).await?;
    tab.press(Key::Enter).await?;
    let why = "await until('the reason', () => inside(id, '.hd-why b')?.innerText.startsWith('A: ')); return true;";
    tab.require(id, &comparing(id, why)).await?;
    tab.close().await
}

pub(crate) async fn a_comparison_fits_a_phone_and_a_wide_page(world: &World) -> Result<()> {
    let axe = world
        .axe
        .as_deref()
        .context("axe-core was not given; pass --axe axe.min.js (npm package axe-core)")?;
    let full = Window {
        width: 1600,
        ..Window::WIDE
    };
    for (window, page) in [
        (Window::PHONE, "scalability/rate-limiting.html"),
        (full, "simulator/index.html"),
    ] {
        let tab = world.driver.open(window).await?;
        tab.goto(&format!("{}{page}", world.site.url)).await?;
        fits(&tab, window).await?;
        tab.driver.execute(axe, Vec::new()).await?;
        let violations = tab.run(AXE).await?;
        if violations.as_array().is_none_or(|found| !found.is_empty()) {
            bail!("{} px: {violations}", window.width);
        }
        tab.close().await?;
    }
    Ok(())
}

async fn fits(tab: &Tab, window: Window) -> Result<()> {
    let body = "
        await compare(id);
        await turnB(id);
        seek(id, 6);
        await pause(300);
        if (document.documentElement.scrollWidth > innerWidth) return 'the page scrolls sideways';
        for (const control of root(id).querySelectorAll('button, input, select, table, canvas')) {
            if (!control.checkVisibility()) continue;
            const box = control.getBoundingClientRect();
            if (box.right > innerWidth + 0.5 || box.left < -0.5) return 'cut off: ' + control.outerHTML.slice(0, 120);
        }
        const [a, b] = [...root(id).querySelectorAll('.hd-figures canvas')].map(canvas => canvas.getBoundingClientRect());
        if (a.width !== b.width || a.height !== b.height) return `${a.width} px and ${b.width} px wide`;
        const beside = a.top === b.top;
        return beside === (innerWidth > 900) || (beside ? 'side by side on a phone' : 'below each other on a wide page');";
    tab.require(
        &format!("{} px", window.width),
        &comparing("one-bucket", body),
    )
    .await
}
