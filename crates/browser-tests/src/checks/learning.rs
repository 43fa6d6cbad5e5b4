//! Predictions and challenges, as a reader meets them.

use anyhow::{Context, Result, bail};
use labs::{Challenge, SEEDS, Verdict};
use thirtyfour::Key;

use super::access::{THEMES, set_theme};
use crate::World;
use crate::browser::{Tab, Window};

pub(super) const SECTION: &str = "scalability/rate-limiting.html";

/// Page scripts that read a prediction, its lab and the challenge.
const READ: &str = r#"
const text = (root, selector) => root.querySelector(selector)?.innerText.trim() ?? '';
const press = (root, label) => {
    const found = [...root.querySelectorAll('button')].find(button => button.innerText.trim() === label && button.checkVisibility());
    if (!found) throw new Error('no button ' + label);
    found.click();
};
const predict = document.querySelector('hd-predict');
const lab = document.getElementById(predict?.getAttribute('for'));
const key = `headroom:answer:scalability/rate-limiting.html#${predict?.id}`;
const kept = () => JSON.parse(localStorage.getItem(key));
const result = Number(predict?.dataset.result);
const say = value => { const field = predict.querySelector('.hd-number'); field.value = value; field.dispatchEvent(new Event('input')); };
const seen = () => until('the run answers', () => text(predict, '.hd-pair-run dd').startsWith(result));
const challenge = document.querySelector('hd-challenge');
const verdict = () => until('a verdict', () => text(challenge, '.hd-said'));
"#;

pub(super) async fn page(world: &World, window: Window, page: &str) -> Result<Tab> {
    let tab = world.driver.open(window).await?;
    tab.goto(&format!("{}{page}", world.site.url)).await?;
    Ok(tab)
}

/// Not knowing answers each of the page's predictions, of which there are at least so many, and opens its lab.
pub(super) async fn every_prediction_is_answered(
    world: &World,
    section: &str,
    least: usize,
) -> Result<()> {
    for window in [Window::WIDE, Window::PHONE] {
        let tab = page(world, window, section).await?;
        let body = format!(
            "const all = [...document.querySelectorAll('hd-predict')];
            if (all.length < {least}) return `${{all.length}} predictions`;
            for (const predict of all) {{
                const lab = document.getElementById(predict.getAttribute('for'));
                lab.scrollIntoView();
                await lab.start();
                if (!lab.hasAttribute('locked')) return `${{predict.id}} does not shut its lab`;
                const unknown = [...predict.querySelectorAll('button')].find(button => button.innerText.trim() === 'I don\\'t know');
                unknown.focus();
                if (document.activeElement !== unknown) return `${{predict.id}} takes no focus`;
                unknown.click();
                await until(`${{predict.id}} is answered`, () => predict.querySelector('.hd-said')?.innerText.startsWith('You made no prediction'), 90000);
                if (lab.hasAttribute('locked')) return `${{predict.id}} leaves its lab shut`;
            }}
            return true;"
        );
        tab.require(&format!("at {} px", window.width), &body)
            .await?;
        tab.close().await?;
    }
    Ok(())
}

pub(super) fn script(body: &str) -> String {
    format!("{READ} {body}")
}

pub(crate) async fn a_lab_waits_for_a_prediction_and_both_stand_side_by_side(
    world: &World,
) -> Result<()> {
    for window in [Window::WIDE, Window::PHONE] {
        let tab = page(world, window, SECTION).await?;
        let commit = "
            await lab.start();
            if (!lab.hasAttribute('locked')) return 'the lab does not wait';
            if (await lab.open({ at: 5 })) return 'a lab that waits was opened';
            if (predict.innerText.includes(result)) return 'the result is there to be read';
            for (const [value, begin] of [['', 'Put in'], [-1, 'That is not'], [81, 'That is not']]) {
                say(value);
                press(predict, 'Commit and run');
                if (!text(predict, '.hd-said').startsWith(begin)) return `${value}: ${text(predict, '.hd-said')}`;
                if (!lab.hasAttribute('locked') || kept()) return `${value} was taken`;
            }
            say(result - 7);
            press(predict, 'Commit and run');
            if (lab.hasAttribute('locked')) return 'the lab still waits';
            await seen();
            if (text(predict, '.hd-pair-own dd') !== `${result - 7} requests`) return text(predict, '.hd-pair-own dd');
            if (!text(predict, '.hd-said').includes('7 requests above')) return text(predict, '.hd-said');
            return (kept().guess === result - 7 && kept().done && kept().seen) || JSON.stringify(kept());";
        tab.require(&format!("at {} px", window.width), &script(commit))
            .await?;
        tab.driver.refresh().await?;
        let back = "
            await seen();
            if (lab.hasAttribute('locked')) return 'the lab waits again';
            press(predict, 'Predict again');
            if (!lab.hasAttribute('locked')) return 'a new prediction does not shut the lab';
            if (predict.innerText.includes(result)) return 'the result is still there';
            say(result);
            press(predict, 'Commit and run');
            await seen();
            return text(predict, '.hd-said').includes('just what you predicted') || text(predict, '.hd-said');";
        tab.require("after coming back", &script(back)).await?;
        tab.close().await?;
    }
    Ok(())
}

pub(crate) async fn not_knowing_opens_the_lab_and_turning_it_is_said(world: &World) -> Result<()> {
    let tab = page(world, Window::WIDE, SECTION).await?;
    let body = "
        press(predict, 'I don\\'t know');
        await seen();
        if (!text(predict, '.hd-said').startsWith('You made no prediction')) return text(predict, '.hd-said');
        const note = predict.querySelector('.hd-note-turned');
        if (note.checkVisibility()) return 'it says the lab was turned';
        await lab.open({ at: 2, knobs: 'burst=100' });
        await until('it says the lab was turned', () => note.checkVisibility());
        await lab.open({ at: 2 });
        await until('it says so no longer', () => !note.checkVisibility());
        await lab.open({ at: 2, seed: 9 });
        await until('it says the seed is another', () => note.checkVisibility());
        return text(predict, '.hd-pair-run dd').startsWith(result) || 'the result has changed';";
    tab.require("not knowing", &script(body)).await?;
    // Whatever stands in the storage, the question can be asked.
    for kept in [
        "{",
        "null",
        "[]",
        r#"{"kind":"predict","guess":"x"}"#,
        r#"{"kind":"predict","guess":900}"#,
    ] {
        let put = format!("localStorage.setItem(key, '{kept}'); return true;");
        tab.require(kept, &script(&put)).await?;
        tab.driver.refresh().await?;
        let body = "press(predict, 'I don\\'t know'); await seen(); return true;";
        tab.require(kept, &script(body)).await?;
    }
    tab.close().await
}

pub(crate) async fn a_prediction_stands_where_its_lab_cannot_run(world: &World) -> Result<()> {
    let tab = page(world, Window::WIDE, SECTION).await?;
    let body = "
        lab.open = async () => false;
        say(result + 1);
        press(predict, 'Commit and run');
        await seen();
        return text(predict, '.hd-said').startsWith('The lab cannot run here') || text(predict, '.hd-said');";
    tab.require("without a lab", &script(body)).await?;
    tab.close().await
}

/// A prediction by drawing and one by choosing, for labs that wait for none on this page.
const OTHERS: &str = r#"
const points = JSON.stringify(Array.from({ length: 41 }, (_, nth) => [nth, nth % 5]));
const others = document.createElement('div');
others.innerHTML = `<hd-predict id="drawn" for="drawn-lab" kind="curve" data-at="40" data-seed="7" data-line="1" data-label="tokens" data-title="Tokens"
    data-unit="tokens" data-seconds="40" data-least="-10" data-most="5" data-result="${points}"><div class="hd-question">How?</div><details></details></hd-predict>
    <hd-predict id="chosen" for="drawn-lab" kind="choice" data-at="40" data-seed="7" data-result="1"><div class="hd-question">Which?</div>
    <ol class="hd-options"><li><p>none</p></li><li><p>some</p></li><li><p>all</p></li></ol><details></details></hd-predict>`;
host('reserve-and-wait').id = 'drawn-lab';
document.querySelector('main').prepend(others);
scrollTo(0, 0);
"#;

/// Draws a falling line over the whole pad, and puts the focus on its fourth handle.
const DRAW: &str = "
    const drawn = document.getElementById('drawn');
    const handles = [...drawn.querySelectorAll('.hd-handles input')];
    press(drawn, 'Commit and run');
    if (!text(drawn, '.hd-said').startsWith('Draw your line')) return 'an empty pad was taken';
    const pad = drawn.querySelector('svg');
    const box = pad.getBoundingClientRect();
    const at = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 1, bubbles: true, cancelable: true,
        clientX: box.left + box.width * x, clientY: box.top + box.height * y }));
    // A made-up pointer cannot be captured.
    pad.setPointerCapture = () => {}; pad.hasPointerCapture = () => true;
    at('pointerdown', 0, 0);
    at('pointermove', 1, 1);
    const values = handles.map(handle => Number(handle.value));
    if (values.length !== 8 || values[0] !== 5 || values[7] !== -10) return values.join();
    if (!values.every((value, nth) => nth === 0 || value < values[nth - 1])) return 'no falling line: ' + values;
    window.place = location.href;
    window.before = values;
    handles[3].focus();
    return pad.querySelector('.hd-handle-focus') ? true : 'the focus cannot be seen';";

/// Looks at that line after three steps of the keyboard, commits, and waits for the run.
const BEND: &str = "
    const drawn = document.getElementById('drawn');
    const handles = [...drawn.querySelectorAll('.hd-handles input')];
    if (location.href !== window.place) return 'an arrow key turned the page';
    const moved = Number(handles[3].value) - window.before[3];
    if (Math.abs(moved - 0.45) > 0.2) return 'three steps moved it by ' + moved;
    if (Number(handles[4].value) !== window.before[4]) return 'its neighbour moved';
    if (!/tokens$/.test(handles[3].ariaValueText ?? handles[3].getAttribute('aria-valuetext'))) return 'no unit is read out';
    press(drawn, 'Commit and run');
    const sketches = host('reserve-and-wait').sketches;
    if (sketches && sketches.get(1)?.length !== 57) return 'the line is not over the chart';
    // On a page the lab stands right below.
    await alive('reserve-and-wait');
    await until('it plays', () => parseFloat(inside('reserve-and-wait', '.hd-now').textContent) > 0);
    await host('reserve-and-wait').open({ at: 39.8, play: true });
    await until('both lines', () => drawn.querySelector('.hd-run-line') && drawn.querySelector('.hd-own-line'));
    return /On average the run is [\\d.]+ tokens away/.test(text(drawn, '.hd-said')) || text(drawn, '.hd-said');";

pub(crate) async fn a_curve_is_drawn_by_hand_and_by_keyboard(world: &World) -> Result<()> {
    for window in [Window::WIDE, Window::PHONE] {
        let tab = page(world, window, SECTION).await?;
        tab.require(
            &format!("at {} px", window.width),
            &script(&format!("{OTHERS} {DRAW}")),
        )
        .await?;
        for key in [Key::Right, Key::Up, Key::Right] {
            tab.press(key).await?;
        }
        tab.require("by keyboard", &script(BEND)).await?;
        tab.close().await?;
    }
    Ok(())
}

pub(crate) async fn a_choice_is_marked_beside_what_happened(world: &World) -> Result<()> {
    let tab = page(world, Window::WIDE, SECTION).await?;
    let body = "
        const chosen = document.getElementById('chosen');
        press(chosen, 'Commit and run');
        if (!text(chosen, '.hd-said').startsWith('Choose one')) return 'nothing was taken for a choice';
        chosen.querySelectorAll('li')[2].click();
        press(chosen, 'Commit and run');
        await alive('reserve-and-wait');
        await host('reserve-and-wait').open({ at: 39.8, play: true });
        await until('the run answers', () => text(chosen, '.hd-pair-run dd') === 'B: some');
        if (text(chosen, '.hd-pair-own dd') !== 'C: all') return text(chosen, '.hd-pair-own dd');
        const marks = [...chosen.querySelectorAll('li')].map(item => [item.classList.contains('hd-own'), item.classList.contains('hd-happened')].join());
        if (marks.join(' ') !== 'false,false false,true true,false') return marks.join(' ');
        return text(chosen, '.hd-said').includes('something else') || text(chosen, '.hd-said');";
    tab.require("a choice", &script(&format!("{OTHERS} {body}")))
        .await?;
    tab.close().await
}

/// What the native judge says of these settings.
fn natively(challenge: &Challenge, settings: &[(String, f64)]) -> Verdict {
    let mut verdict = Verdict::default();
    for nth in 0..SEEDS {
        verdict.add(challenge.judge(settings, Challenge::seed(nth)));
    }
    verdict
}

pub(crate) async fn the_judge_in_the_page_says_what_the_native_one_says(
    world: &World,
) -> Result<()> {
    let challenge = labs::challenge("newsletter").context("the section's challenge")?;
    let tab = page(world, Window::WIDE, SECTION).await?;
    for (rate, burst) in [(10.0, 50.0), (9.0, 60.0), (1.0, 1.0)] {
        let settings = [("rate".to_owned(), rate), ("burst".to_owned(), burst)];
        let native = natively(challenge, &settings);
        let worst = native.worst.map_or(0, |worst| worst.seed);
        let body = format!(
            "const set = (id, value) => {{
                 const input = challenge.querySelector(`[data-knob=${{id}}]`);
                 const range = input.dataset.log?.split(',').map(Number);
                 input.value = range ? Math.log(value / range[0]) / Math.log(range[1] / range[0]) : value;
                 input.dispatchEvent(new Event('input', {{ bubbles: true }}));
             }};
             set('rate', {rate}); set('burst', {burst});
             if (text(challenge, '.hd-native code') !== 'cargo xtask challenge newsletter --knob rate={rate} --knob burst={burst}') return text(challenge, '.hd-native code');
             press(challenge, 'Judge 100 runs');
             const said = await verdict();
             if (!said.includes(': {met} of 100 runs')) return said;
             const worst = text(challenge, '.hd-worst');
             return ({worst} ? worst.includes('seed {worst}') : worst === '') || worst;",
            met = native.met,
        );
        tab.require(&format!("rate {rate}, burst {burst}"), &script(&body))
            .await?;
    }
    let body = "
        const id = 'headroom:answer:scalability/rate-limiting.html#challenge-newsletter';
        lab.unlock();
        challenge.querySelector('.hd-worst button').click();
        await until('the worst run is in the lab', () => inside('one-bucket', '.hd-seed')?.textContent.includes('10000'));
        const best = text(challenge, '.hd-best');
        const attempt = JSON.parse(localStorage.getItem(id));
        return (attempt.of === 100 && best.includes(`${attempt.met} of 100`)) || best;";
    tab.require("the worst run", &script(body)).await?;
    tab.driver.refresh().await?;
    let back = "return (text(challenge, '.hd-best').startsWith('Your best so far') && text(challenge, '.hd-native code').includes('rate=1 --knob burst=1')) || text(challenge, '.hd-native code');";
    tab.require("after coming back", &script(back)).await?;
    tab.close().await
}

pub(crate) async fn a_judgement_can_be_stopped_and_says_where_it_cannot_work(
    world: &World,
) -> Result<()> {
    let tab = page(world, Window::WIDE, SECTION).await?;
    let body = "
        press(challenge, 'Judge 100 runs');
        press(challenge, 'Cancel');
        if (!(await verdict()).startsWith('Stopped')) return text(challenge, '.hd-said');
        await pause(600);
        if (!text(challenge, '.hd-said').startsWith('Stopped')) return 'it went on';
        const { Worker } = window;
        for (const broken of [undefined, class { constructor() { throw new Error('not here'); } }, class extends Worker { constructor() { super('none.js'); } }]) {
            window.Worker = broken;
            press(challenge, 'Judge 100 runs');
            await until('it says so', () => text(challenge, '.hd-said').startsWith('The judge cannot work here'));
        }
        window.Worker = Worker;
        press(challenge, 'Judge 100 runs');
        await until('it works again', () => text(challenge, '.hd-said').includes('of 100 runs'));
        const knob = challenge.querySelector('[data-log]');
        window.place = location.href;
        knob.focus();
        return true;";
    tab.require("stopping", &script(body)).await?;
    for key in [Key::Right, Key::Right, Key::Left] {
        tab.press(key).await?;
    }
    let keys = "
        if (location.href !== window.place) return 'an arrow key turned the page';
        if (text(challenge, '.hd-said')) return 'the verdict on other settings is still there';
        return text(challenge, '.hd-native code').includes('--knob rate=11 ') || text(challenge, '.hd-native code');";
    tab.require("by keyboard", &script(keys)).await?;
    tab.close().await
}

pub(crate) async fn predictions_and_challenges_stand_without_scripts(world: &World) -> Result<()> {
    let bare = Window {
        scripts: false,
        ..Window::WIDE
    };
    let tab = page(world, bare, SECTION).await?;
    let body = "
        if (predict.classList.contains('hd-alive')) return 'scripts ran after all';
        const answer = predict.querySelector('details');
        if (answer.open || !answer.checkVisibility()) return 'the answer is not folded';
        if (!text(predict, '.hd-question')) return 'there is no question';
        if (predict.innerText.includes(result)) return 'the result is there to be read';
        answer.open = true;
        if (!text(answer, 'p').includes(result)) return 'the answer does not say the result';
        return challenge.querySelectorAll('.hd-goals li').length === 2 || 'the goals are missing';";
    tab.require("the section", &script(body)).await?;
    tab.goto(&format!("{}progress.html", world.site.url))
        .await?;
    let body = "const text = document.querySelector('hd-progress').innerText.trim();
        return /^What you have done is kept .*JavaScript\\.$/.test(text) || text;";
    tab.require("the table", body).await?;
    tab.close().await
}

pub(crate) async fn answered_and_judged_axe_finds_nothing_in_any_theme(
    world: &World,
) -> Result<()> {
    let axe = world
        .axe
        .as_deref()
        .context("axe-core was not given; pass --axe axe.min.js (npm package axe-core)")?;
    let mut found = Vec::new();
    for window in [Window::WIDE, Window::PHONE] {
        let tab = page(world, window, SECTION).await?;
        tab.driver.execute(axe, Vec::new()).await?;
        let fill = "say(result - 1); press(predict, 'Commit and run'); await seen();
            press(challenge, 'Judge 100 runs'); await verdict(); return true;";
        tab.require("answering", &script(&format!("{OTHERS} {fill}")))
            .await?;
        for theme in THEMES {
            let body = format!(
                "{} const result = await axe.run('main', {{ resultTypes: ['violations'] }});
                 if (!result.passes.length) throw new Error('axe looked at nothing');
                 return result.violations.map(rule => rule.id + ': ' + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 90)).join(' | '));",
                set_theme(theme)
            );
            for violation in tab.run(&body).await?.as_array().into_iter().flatten() {
                found.push(format!("{theme}, {} px: {violation}", window.width));
            }
        }
        tab.close().await?;
    }
    if found.is_empty() {
        Ok(())
    } else {
        bail!("{}", found.join("\n"))
    }
}
