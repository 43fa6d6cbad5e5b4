//! §4.2b, circuit breaking and overload control: predictions, phrases, and faults that the reader causes.

use anyhow::Result;
use thirtyfour::Key;

use super::labs;
use super::learning::{every_prediction_is_answered, page};
use crate::World;
use crate::browser::Window;

const SECTION: &str = "scalability/circuit-breaking.html";

pub(crate) async fn every_prediction_about_overload_can_be_made_by_keyboard_and_is_answered(
    world: &World,
) -> Result<()> {
    every_prediction_is_answered(world, SECTION, 5).await
}

pub(crate) async fn every_phrase_about_overload_shows_its_moment(world: &World) -> Result<()> {
    let tab = page(world, Window::PHONE, SECTION).await?;
    let body = "
        const phrases = [...document.querySelectorAll('main hd-seek')];
        if (phrases.length < 10) return `${phrases.length} phrases`;
        for (const phrase of phrases) {
            const lab = document.getElementById(phrase.getAttribute('for'));
            lab.scrollIntoView({ block: 'center' });
            await lab.start();
            await lab.ready;
            await unlocked(lab);
            phrase.querySelector('button').click();
            const time = lab.shadowRoot.querySelector('.hd-time');
            const at = Number(phrase.getAttribute('at'));
            await until(`${phrase.innerText} shows ${at} s`, () => Math.abs(time.valueAsNumber - at) < 0.05);
        }
        return true;";
    tab.require("phrases", body).await?;
    tab.close().await
}

pub(crate) async fn a_fault_caused_by_keyboard_fails_requests_until_it_is_undone(
    world: &World,
) -> Result<()> {
    let tab = page(world, Window::WIDE, SECTION).await?;
    let id = "overload-playground";
    let begin = "
        inside(id, '.hd-play').focus();
        await host(id).open({ at: 5 });
        const fault = [...host(id).shadowRoot.querySelectorAll('button')].find(button => button.innerText.trim() === 'A down');
        fault.focus();
        return host(id).shadowRoot.activeElement === fault || 'the action takes no focus';";
    tab.require(id, &labs::script(id, begin)).await?;
    tab.press(Key::Enter).await?;
    let counted = "
        const failed = () => Number([...host(id).shadowRoot.querySelectorAll('.hd-counters > *')]
            .find(counter => counter.innerText.includes('failed')).innerText.match(/[0-9,]+/)[0].replace(',', ''));";
    let caused = [
        counted,
        "await pause(100);
        const time = inside(id, '.hd-time');
        time.value = 15;
        time.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
        await until('requests fail', () => failed() > 10);
        time.focus();
        return true;",
    ]
    .concat();
    tab.require(id, &labs::script(id, &caused)).await?;
    tab.press(Key::Backspace).await?;
    let undone = [
        counted,
        "const time = inside(id, '.hd-time');
        await until('the clock is back', () => Math.abs(time.valueAsNumber - 5) < 0.1);
        time.value = 15;
        time.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
        await still(() => [time.value, failed()]);
        return failed() < 3 || `${failed()} have failed`;",
    ]
    .concat();
    tab.require(id, &labs::script(id, &undone)).await?;
    tab.close().await
}
