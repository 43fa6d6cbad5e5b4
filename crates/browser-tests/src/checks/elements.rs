//! Questions, phrases and figures in the prose, as a reader meets them.

use anyhow::{Context, Result, bail};
use thirtyfour::Key;

use super::access::{THEMES, set_theme};
use crate::World;
use crate::browser::{Tab, Window};

const SECTION: &str = "scalability/rate-limiting.html";

/// Page scripts that read a quiz: its choices, which are right, what is marked and explained.
const READ: &str = r#"
const quiz = document.querySelector('hd-quiz');
const key = `headroom:answer:scalability/rate-limiting.html#${quiz.id}`;
await until('the quiz is alive', () => quiz.classList.contains('hd-alive'));
const items = [...quiz.querySelectorAll('.hd-choices > li')];
const radio = item => item.querySelector('[role=radio]');
const tag = item => item.querySelector('.hd-choice-tag').textContent;
const explained = () => items.filter(item => item.querySelector('.hd-choice-why').checkVisibility()).length;
const checked = () => items.findIndex(item => radio(item).ariaChecked === 'true');
const verdict = () => quiz.querySelector('[role=status]').innerText.trim();
const right = items.findIndex(item => item.hasAttribute('data-right'));
const wrong = items.findIndex(item => !item.hasAttribute('data-right'));
"#;

async fn section(world: &World, window: Window) -> Result<Tab> {
    let tab = world.driver.open(window).await?;
    tab.goto(&format!("{}{SECTION}", world.site.url)).await?;
    Ok(tab)
}

fn script(body: &str) -> String {
    format!("{READ} {body}")
}

pub(crate) async fn a_quiz_answers_at_once_and_explains_every_choice(world: &World) -> Result<()> {
    for window in [Window::WIDE, Window::PHONE] {
        let tab = section(world, window).await?;
        let body = "
            if (explained() !== 0 || checked() !== -1) return 'answered before it was asked';
            radio(items[wrong]).click();
            if (checked() !== wrong) return 'the choice is not marked';
            if (!verdict().startsWith('Not this one')) return 'verdict: ' + verdict();
            if (tag(items[wrong]) !== 'your answer, not right' || tag(items[right]) !== 'right answer') return items.map(tag).join();
            if (explained() !== items.length || !items.every(item => radio(item).checkVisibility())) return 'not every choice is shown and explained';
            const shapes = [wrong, right].map(nth => getComputedStyle(items[nth].querySelector('.hd-choice-mark')).borderRadius
                + items[nth].querySelector('.hd-choice-mark path').getAttribute('d'));
            if (shapes[0] === shapes[1]) return 'right and wrong have one shape';
            radio(items[right]).click();
            if (checked() !== wrong) return 'a second choice replaced the first';
            quiz.querySelector('.hd-again').click();
            if (explained() !== 0 || checked() !== -1) return 'try again left the answer';
            radio(items[right]).click();
            if (!verdict().startsWith('Right.') || tag(items[right]) !== 'your answer, right') return verdict();
            return items.filter(item => tag(item)).length === 1 || items.map(tag).join();";
        tab.require(&format!("at {} px", window.width), &script(body))
            .await?;
        tab.close().await?;
    }
    Ok(())
}

pub(crate) async fn an_answer_is_there_again_after_leaving_the_page(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    let answer = "
        radio(items[wrong]).click();
        const kept = JSON.parse(localStorage.getItem(key));
        return (kept?.kind === 'quiz' && kept.done === true && kept.right === false) || JSON.stringify(kept);";
    tab.require("answering", &script(answer)).await?;
    tab.goto(&world.site.url).await?;
    tab.goto(&format!("{}{SECTION}", world.site.url)).await?;
    let again = "
        if (checked() !== wrong || explained() !== items.length) return 'the answer is gone';
        quiz.querySelector('.hd-again').click();
        return true;";
    tab.require("coming back", &script(again)).await?;
    tab.driver.refresh().await?;
    let anew = "return (checked() === -1 && explained() === 0) || 'an answer that was taken back is there again';";
    tab.require("after try again", &script(anew)).await?;
    // Whatever stands in the storage, the question can be asked.
    for kept in [
        "{",
        "null",
        "[]",
        r#"{"choice":7}"#,
        r#"{"choice":"none of these"}"#,
    ] {
        let put = format!("localStorage.setItem(key, '{kept}'); return true;");
        tab.require(kept, &script(&put)).await?;
        tab.driver.refresh().await?;
        let body =
            "radio(items[right]).click(); return verdict().startsWith('Right.') || verdict();";
        tab.require(kept, &script(body)).await?;
    }
    tab.close().await
}

pub(crate) async fn a_quiz_works_by_keyboard_alone(world: &World) -> Result<()> {
    let tab = section(world, Window::WIDE).await?;
    let focus = "window.place = location.href; radio(items[0]).focus();
        return items.filter(item => radio(item).tabIndex === 0).length === 1 || 'not one stop for Tab';";
    tab.require("focus", &script(focus)).await?;
    for key in [Key::Right, Key::Down, Key::Left] {
        tab.press(key).await?;
    }
    let moved = "if (location.href !== window.place) return 'the arrow key turned the page';
        if (checked() !== -1) return 'moving answered';
        return document.activeElement === radio(items[1]) || 'the focus is elsewhere';";
    tab.require("arrows", &script(moved)).await?;
    tab.press(Key::Up).await?;
    tab.press(Key::Up).await?;
    tab.press(" ").await?;
    let chosen = "if (checked() !== items.length - 1) return 'chosen: ' + checked();
        quiz.querySelector('.hd-again').focus(); return true;";
    tab.require(
        "space on the last, which is before the first",
        &script(chosen),
    )
    .await?;
    tab.press(Key::Enter).await?;
    let anew = "return (checked() === -1 && document.activeElement === radio(items.at(-1))) || 'try again by Enter';";
    tab.require("try again", &script(anew)).await?;
    tab.press(Key::Home).await?;
    tab.press(Key::Enter).await?;
    tab.require(
        "home and enter",
        &script("return checked() === 0 || checked();"),
    )
    .await?;
    tab.close().await
}

pub(crate) async fn an_answered_quiz_has_no_axe_violations_in_any_theme(
    world: &World,
) -> Result<()> {
    let axe = world
        .axe
        .as_deref()
        .context("axe-core was not given; pass --axe axe.min.js (npm package axe-core)")?;
    let mut found = Vec::new();
    for window in [Window::WIDE, Window::PHONE] {
        let tab = section(world, window).await?;
        tab.driver.execute(axe, Vec::new()).await?;
        tab.require(
            "answering",
            &script("radio(items[wrong]).click(); return true;"),
        )
        .await?;
        for theme in THEMES {
            let body = format!(
                "{} const result = await axe.run('hd-quiz', {{ resultTypes: ['violations'] }});
                 if (!result.passes.length) throw new Error('axe looked at nothing');
                 return result.violations.map(rule => rule.id + ': ' + rule.nodes.map(node => node.html.slice(0, 90)).join(' | '));",
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

pub(crate) async fn a_quiz_without_scripts_is_a_list_with_its_answers_folded(
    world: &World,
) -> Result<()> {
    let tab = section(
        world,
        Window {
            scripts: false,
            ..Window::WIDE
        },
    )
    .await?;
    tab.require(
        "the page without scripts",
        "const quiz = document.querySelector('hd-quiz');
const key = `headroom:answer:scalability/rate-limiting.html#${quiz.id}`;
         if (quiz.querySelector('[role=radio]')) return 'scripts ran after all';
         const choices = [...quiz.querySelectorAll('.hd-choices > li')];
         const answers = quiz.querySelector('details');
         if (choices.length < 2 || !choices.every(choice => choice.innerText.trim())) return 'no list of choices';
         if (answers.open || !answers.checkVisibility()) return 'the answers are not folded';
         answers.open = true;
         const reasons = [...answers.querySelectorAll('li')];
         if (reasons.length !== choices.length) return reasons.length + ' explanations';
         const right = reasons.filter(reason => reason.innerText.startsWith('Right.')).length;
         if (right !== 1) return right + ' are called right';
         const phrase = document.querySelector('hd-seek');
         return (phrase.innerText.length > 0 && !phrase.querySelector('button')) || 'a phrase is more than text';",
    )
    .await?;
    tab.close().await
}

pub(crate) async fn a_phrase_asks_its_lab_for_its_moment_and_brings_it_into_view(
    world: &World,
) -> Result<()> {
    for window in [Window::WIDE, Window::PHONE] {
        let tab = section(
            world,
            Window {
                reduced_motion: true,
                ..window
            },
        )
        .await?;
        tab.require(
            &format!("phrases at {} px", window.width),
            "const phrases = [...document.querySelectorAll('main hd-seek')];
             if (!phrases.length) return 'there is none';
             for (const phrase of phrases) {
                 const lab = document.getElementById(phrase.getAttribute('for'));
                 // What the lab does with it is looked at where labs are; here, what it is asked.
                 let asked;
                 lab.open = wishes => { asked = wishes; };
                 scrollTo(0, document.body.scrollHeight);
                 await pause(50);
                 phrase.querySelector('button').click();
                 await until('the lab is asked', () => asked);
                 if (asked.at !== Number(phrase.getAttribute('at'))) return 'asked for ' + JSON.stringify(asked);
                 if ((asked.knobs ?? null) !== phrase.getAttribute('knobs')) return 'asked for ' + JSON.stringify(asked);
                 await until('it is in view', () => {
                     const { top } = lab.getBoundingClientRect();
                     return top >= 0 && top < innerHeight / 2;
                 }, 3000);
                 if (!lab.shadowRoot.querySelector('canvas')) return 'the lab is not alive';
             }
             return true;",
        )
        .await?;
        tab.close().await?;
    }
    Ok(())
}
