//! `<hd-challenge>`: a task with goals and knobs, written into the page from the engine's own list; `theme/challenge.js` judges it.

use labs::{Challenge, KnobSpec, Range};

use crate::element::{Element, Problem};
use crate::page::{Page, escaped};
use crate::situation;

const ATTRIBUTES: [&str; 1] = ["name"];

/// The task, its goals, a control for each knob and the native command.
///
/// # Errors
/// Everything that is wrong with it, with its line.
pub fn render(element: &Element, page: &Page<'_>) -> Result<String, Vec<Problem>> {
    let mut wrong = situation::strangers(element, &ATTRIBUTES);
    let name = element.get("name").unwrap_or_default();
    let challenge = labs::challenge(name);
    if challenge.is_none() {
        let known: Vec<&str> = labs::CHALLENGES.iter().map(|known| known.id).collect();
        wrong.push(format!(
            "there is no challenge {name:?}; there are {}",
            known.join(", ")
        ));
    }
    if !page.source[element.body.clone()].trim().is_empty() {
        wrong.push("<hd-challenge> has the engine's own text; it has none between its tags".into());
    }
    let same = |other: &&Element| other.name == element.name && other.get("name") == Some(name);
    let first = page.elements.iter().find(same);
    if let Some(first) = first.filter(|first| first.range != element.range) {
        wrong.push(format!(
            "the challenge {name:?} already stands in line {}",
            first.line
        ));
    }
    match challenge {
        Some(challenge) if wrong.is_empty() => Ok(html(challenge)),
        _ => Err(element.problems(wrong)),
    }
}

/// The id its best attempt is kept under.
#[must_use]
pub fn id(name: &str) -> String {
    format!("challenge-{name}")
}

fn html(challenge: &Challenge) -> String {
    let given: Vec<String> = challenge
        .given
        .iter()
        .map(|(id, value)| format!("{id}={value}"))
        .collect();
    let goals: String = challenge
        .goals
        .iter()
        .map(|goal| format!("<li>{}</li>", escaped(goal.label)))
        .collect();
    let (knobs, command) = controls(challenge);
    let id = id(challenge.id);
    format!(
        "\n<hd-challenge id=\"{id}\" name=\"{name}\" lab=\"{lab}\" data-given=\"{given}\" data-needed=\"{needed}\" data-seeds=\"{seeds}\" \
         role=\"group\" aria-labelledby=\"{id}-title\">\n\
         <div class=\"hd-task\"><strong class=\"hd-learn-title\" id=\"{id}-title\">{title}</strong><p>{task}</p>\
         <ul class=\"hd-goals\">{goals}</ul>\
         <p class=\"hd-needed\">All of them in at least {needed} of {seeds} runs, each with other arrivals.</p></div>\
         <div class=\"hd-settings\">{knobs}</div>\
         <div class=\"hd-native\"><span>The same on your machine:</span><code>{command}</code></div>\n</hd-challenge>\n",
        name = challenge.id,
        lab = challenge.lab,
        given = given.join(","),
        needed = challenge.needed,
        seeds = labs::SEEDS,
        title = escaped(challenge.title),
        task = escaped(challenge.task),
        command = escaped(&command),
    )
}

/// The controls of the knobs the reader may turn, as the lab has them, and the command line that sets them so.
fn controls(challenge: &Challenge) -> (String, String) {
    let run = challenge.open(&[], Challenge::seed(0));
    let (mut knobs, mut command) = (
        String::new(),
        format!("cargo xtask challenge {}", challenge.id),
    );
    for (spec, value) in run.knobs() {
        if challenge.knobs.contains(&spec.id) {
            knobs += &control(challenge, spec, value);
            command += &format!(" --knob {}={value}", spec.id);
        }
    }
    (knobs, command)
}

fn control(challenge: &Challenge, spec: &KnobSpec, value: f64) -> String {
    let id = format!("{}-{}", id(challenge.id), spec.id);
    let (min, max) = (spec.range.min(), spec.range.max());
    let common = format!(
        "id=\"{id}\" data-knob=\"{}\" aria-describedby=\"{id}-help\" disabled",
        spec.id
    );
    let input = match spec.range {
        Range::Linear { step, .. } => format!(
            "<input type=\"range\" min=\"{min}\" max=\"{max}\" step=\"{step}\" value=\"{value}\" {common}>"
        ),
        // The slider runs over the logarithm; the script turns its position into the value.
        Range::Log { .. } => format!(
            "<input type=\"range\" min=\"0\" max=\"1\" step=\"any\" value=\"{}\" data-log=\"{min},{max}\" data-value=\"{value}\" {common}>",
            spec.range.position(value)
        ),
        Range::Choice(names) => {
            let options: String = names
                .iter()
                .enumerate()
                .map(|(nth, name)| {
                    let chosen = if nth as f64 == value { " selected" } else { "" };
                    format!("<option value=\"{nth}\"{chosen}>{}</option>", escaped(name))
                })
                .collect();
            format!("<select {common}>{options}</select>")
        }
        Range::Toggle => {
            let checked = if value >= 0.5 { " checked" } else { "" };
            format!("<input type=\"checkbox\"{checked} {common}>")
        }
    };
    let numeric = matches!(spec.range, Range::Linear { .. } | Range::Log { .. });
    let (output, extent) = if numeric {
        (
            format!(
                "<output for=\"{id}\" data-unit=\"{}\">{}</output>",
                escaped(spec.unit),
                escaped(&with_unit(value, spec.unit))
            ),
            format!(" {min} to {}.", escaped(&with_unit(max, spec.unit))),
        )
    } else {
        (String::new(), String::new())
    };
    format!(
        "<div class=\"hd-setting\"><label for=\"{id}\">{}</label>{output}{input}<span class=\"hd-setting-help\" id=\"{id}-help\">{}{extent}</span></div>",
        escaped(spec.label),
        escaped(spec.help),
    )
}

fn with_unit(value: f64, unit: &str) -> String {
    format!("{value} {unit}").trim_end().to_owned()
}
