//! The labs, as a reader meets them on a page.

use anyhow::{Result, bail};
use serde_json::Value;
use thirtyfour::Key;

use super::access::{THEMES, set_theme};
use crate::World;
use crate::browser::{Tab, Window};

const SECTION: &str = "scalability/rate-limiting.html";

/// Page scripts that read a lab: its time, its figure's pixels, its log.
const READ: &str = r#"
const now = id => inside(id, '.hd-now').textContent;
// Simulated seconds in a second of play: runs of milliseconds are played slowly.
const pace = id => { const length = Number(inside(id, '.hd-time').max); return length < 20 ? length / 20 : 1; };
// The moment, in seconds of play.
const played = id => inside(id, '.hd-time').valueAsNumber / pace(id);
const pixels = id => inside(id, 'canvas').toDataURL();
const log = id => inside(id, '.hd-log tbody').innerText;
const press = (id, label) => [...host(id).shadowRoot.querySelectorAll('button')]
    .find(button => button.ariaLabel === label || button.innerText.trim() === label).click();
const settled = id => still(() => ({ now: now(id), pixels: pixels(id), log: log(id) }));
const same = (a, b) => a.now === b.now && a.pixels === b.pixels && a.log === b.log;
"#;

pub(super) async fn section(world: &World, window: Window) -> Result<Tab> {
    let tab = world.driver.open(window).await?;
    tab.goto(&format!("{}{SECTION}", world.site.url)).await?;
    Ok(tab)
}

pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    labs::ALL.iter().map(|entry| entry.id)
}

/// Those whose time passes by itself: in the others it stands until the reader chooses.
pub(super) fn flowing() -> impl Iterator<Item = &'static str> {
    let flows = |entry: &&labs::Entry| entry.open(1).choices().is_none();
    labs::ALL.iter().filter(flows).map(|entry| entry.id)
}

pub(super) fn script(id: &str, body: &str) -> String {
    format!("{READ} const id = '{id}'; await alive(id); {body}")
}

pub(crate) async fn every_lab_has_the_same_log_in_the_page_as_natively(
    world: &World,
) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    for entry in labs::ALL {
        for seed in 1..=20_u64 {
            let native = format!("{:016x}", entry.open(seed).finish());
            let page = tab
                .run(&format!(
                    "await alive('{}');
                     return (await headroom.module()).log_hash('{}', '{seed}');",
                    entry.id, entry.id
                ))
                .await?;
            if page.as_str() != Some(&native) {
                bail!(
                    "{} with seed {seed}: {native} natively, {page} in the page",
                    entry.id
                );
            }
        }
    }
    tab.close().await
}

pub(crate) async fn every_lab_comes_alive_plays_and_pauses(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    for id in flowing() {
        let body = "
            const before = await settled(id);
            press(id, 'Play');
            await until('time passes', () => played(id) > 1.2);
            await until('the log grows', () => log(id) !== before.log);
            press(id, 'Pause');
            const paused = await settled(id);
            if (paused.pixels === before.pixels) return 'the figure did not change';
            await pause(400);
            return now(id) === paused.now || 'time passed while it was paused';";
        tab.require(id, &script(id, body)).await?;
    }
    tab.close().await
}

pub(crate) async fn stepping_and_scrubbing_come_back_to_the_same_frame(
    world: &World,
) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    for id in flowing() {
        let body = "
            const slider = inside(id, '.hd-time');
            const seek = secs => { slider.value = secs * pace(id); slider.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true })); };
            seek(4.321);
            const there = await settled(id);
            for (const secs of [12, 0, 17.5, 2]) { seek(secs); await pause(60); }
            seek(4.321);
            if (!same(there, await settled(id))) return 'scrubbing there and back shows another frame';
            for (let nth = 0; nth < 5; nth++) press(id, 'step');
            const ahead = await settled(id);
            if (ahead.log === there.log) return 'stepping changed nothing';
            for (let nth = 0; nth < 3; nth++) press(id, 'step back');
            await pause(100);
            for (let nth = 0; nth < 3; nth++) press(id, 'step');
            return same(ahead, await settled(id)) || 'three steps back and forth show another frame';";
        tab.require(id, &script(id, body)).await?;
    }
    tab.close().await
}

pub(crate) async fn every_lab_works_by_keyboard_alone(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    for id in flowing() {
        let focus = "inside(id, '.hd-play').focus(); window.place = location.href; return true;";
        tab.require(id, &script(id, focus)).await?;
        for key in [Key::Right, Key::Right, Key::Right, Key::Left] {
            tab.press(key).await?;
        }
        let stepped = "await until('three steps take time', () => played(id) > 0);
            return location.href === window.place || 'the arrow key turned the page';";
        tab.require(id, &script(id, stepped)).await?;
        tab.press(Key::End).await?;
        tab.require(
            id,
            &script(
                id,
                "await until('the end', () => played(id) > 19); return true;",
            ),
        )
        .await?;
        tab.press(Key::Home).await?;
        tab.require(
            id,
            &script(
                id,
                "await until('the start', () => parseFloat(now(id)) === 0); return true;",
            ),
        )
        .await?;
        tab.require(id, &script(id, REACHABLE)).await?;
    }
    tab.close().await
}

pub(crate) async fn a_lab_that_waits_goes_on_with_a_choice_and_back_by_keyboard(
    world: &World,
) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    let id = "you-schedule";
    let chosen = "
        const before = await settled(id);
        press(id, 'Play');
        await pause(300);
        if (!same(before, await settled(id))) return 'time passed before anything was chosen';
        press(id, 'task 3');
        press(id, 'task 3');
        press(id, 'task 4');
        await until('the next question', () => played(id) > 0.2 && inside(id, '.hd-play').innerText.trim() === 'Play');
        const asked = await settled(id);
        if (asked.pixels === before.pixels || asked.log === before.log) return 'nothing happened';
        if (!inside(id, '.hd-speech').textContent.includes('asks')) return 'the question is not spoken';
        window.before = before;
        const open = [...host(id).shadowRoot.querySelectorAll('.hd-action:not([aria-disabled])')];
        open.find(button => button.innerText.startsWith('task')).focus();
        return true;";
    tab.require(id, &script(id, chosen)).await?;
    tab.press(Key::Enter).await?;
    for _ in 0..3 {
        tab.press(Key::Backspace).await?;
    }
    let undone = "
        const here = await settled(id);
        if (here.now !== window.before.now || here.pixels !== window.before.pixels) return 'three choices were not undone: ' + here.now;
        return inside(id, '.hd-action[aria-disabled]').innerText === 'Undo' || 'Undo has nothing left to undo';";
    tab.require(id, &script(id, undone)).await?;
    tab.require(id, &script(id, REACHABLE)).await?;
    tab.close().await
}

/// Everything that can be clicked can be focused, and has a name.
const REACHABLE: &str = "
    const controls = [...host(id).shadowRoot.querySelectorAll('button, input, select, a[href], summary')];
    for (const control of controls) {
        if (control.disabled || !control.checkVisibility()) continue;
        control.focus();
        if (host(id).shadowRoot.activeElement !== control) return 'cannot focus ' + control.outerHTML.slice(0, 120);
        const name = control.ariaLabel || control.innerText || control.labels?.[0]?.innerText || control.title;
        if (!name?.trim()) return 'no name: ' + control.outerHTML.slice(0, 120);
    }
    return controls.length > 8 || 'only ' + controls.length + ' controls';";

pub(crate) async fn a_lab_off_screen_stops(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    let id = "one-bucket";
    let body = "
        press(id, 'Play');
        await until('time passes', () => played(id) > 0.3);
        host('reserve-and-wait').scrollIntoView();
        const left = await still(() => now(id));
        await pause(700);
        return now(id) === left || `went on from ${left} to ${now(id)}`;";
    tab.require(id, &script(id, body)).await?;
    tab.close().await
}

pub(crate) async fn a_lab_follows_the_theme_of_the_book(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    let mut pictures: Vec<Value> = Vec::new();
    for theme in THEMES {
        let body = format!("{} return still(() => pixels(id));", set_theme(theme));
        let picture = tab.run(&script("one-bucket", &body)).await?;
        if pictures.contains(&picture) {
            bail!("{theme} looks like a theme before it");
        }
        pictures.push(picture);
    }
    tab.close().await
}

pub(crate) async fn a_lab_does_not_shift_the_page_when_it_comes_alive(world: &World) -> Result<()> {
    for window in [Window::WIDE, Window::PHONE] {
        let tab = world.driver.open(window).await?;
        // A lab that grew would push what follows it in the page's text; mdBook's sidebar is not its doing.
        let observer = "window.shifts = []; new PerformanceObserver(list => { for (const entry of list.getEntries()) {
             const moved = entry.sources.map(({ node }) => node?.nodeType === Node.TEXT_NODE ? node.parentElement : node);
             if (moved.some(node => node?.closest?.('.sidebar'))) continue;
             window.shifts.push([entry.value, moved.map(node => node?.outerHTML?.slice(0, 80)).join()]); }
             }).observe({ type: 'layout-shift', buffered: true });";
        tab.cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            serde_json::json!({ "source": observer }),
        )
        .await?;
        tab.goto(&format!("{}{SECTION}", world.site.url)).await?;
        for id in ids() {
            let body = "await pause(400);
                const total = window.shifts.reduce((sum, [value]) => sum + value, 0);
                return total < 0.01 || JSON.stringify(window.shifts);";
            // A lab of another page has no still card here that it could outgrow.
            let script = format!("if (!host('{id}')) return true; {}", script(id, body));
            tab.require(&format!("{id} at {} px", window.width), &script)
                .await?;
        }
        tab.close().await?;
    }
    Ok(())
}

pub(crate) async fn reduced_motion_steps_instead_of_playing(world: &World) -> Result<()> {
    let tab = section(
        world,
        Window {
            reduced_motion: true,
            ..Window::WIDE
        },
    )
    .await?;
    let body = "
        press(id, 'Play');
        const times = new Set();
        const end = performance.now() + 2600;
        while (performance.now() < end) { times.add(now(id)); await pause(16); }
        press(id, 'Pause');
        return (times.size >= 3 && times.size <= 8) || `${times.size} different times in 2.6 s`;";
    tab.require("one-bucket", &script("one-bucket", body))
        .await?;
    tab.close().await
}

pub(crate) async fn a_phone_shows_a_whole_lab(world: &World) -> Result<()> {
    let tab = section(world, Window::PHONE).await?;
    for id in ids() {
        let body = "
            const card = host(id).getBoundingClientRect();
            if (card.left < 0 || card.right > innerWidth) return `from ${card.left} to ${card.right}`;
            for (const control of host(id).shadowRoot.querySelectorAll('button, input, select, table')) {
                if (!control.checkVisibility()) continue;
                const box = control.getBoundingClientRect();
                if (box.right > innerWidth + 0.5 || box.left < -0.5) return 'cut off: ' + control.outerHTML.slice(0, 120);
            }
            return true;";
        tab.require(id, &script(id, body)).await?;
    }
    tab.close().await
}
