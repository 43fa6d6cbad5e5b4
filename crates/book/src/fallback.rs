//! The static card of a lab: what stands in the page before the lab comes alive, in print and without JavaScript.
//!
//! It has the boxes, class names and style sheet (`theme/lab.css`) of the living card, so nothing moves when one replaces the other.

use core::fmt::Write as _;
use core::time::Duration;

use labs::{Action, AnyRun, Chart, Counter, Event, Line, LineStyle, Range, State, with_unit};

use crate::page::escaped;

/// Width the figures are drawn for, in CSS pixels: that of a card in a column of 750 px.
const WIDTH: f32 = 716.0;
/// Height of a row of a figure, in CSS pixels; the living figure has the same.
const ROW: f32 = 17.0;
/// Height of a chart, in CSS pixels; the living chart has the same.
const CHART: f32 = 128.0;
/// Rows of the log; the living log has as many.
const ROWS: usize = 7;

/// The card of `run` as it stands, with the knobs of these numbers in sight; one line of HTML that can stand inside Markdown.
#[must_use]
pub fn fallback(run: &dyn AnyRun, shown_knobs: &[usize]) -> String {
    card(run, shown_knobs, None)
}

/// The same of a `run` that stands at its start and waits for the reader: the reason stands where its first chart will.
#[must_use]
pub fn locked(run: &dyn AnyRun, shown_knobs: &[usize], reason: &str) -> String {
    card(run, shown_knobs, Some(reason))
}

fn card(run: &dyn AnyRun, shown_knobs: &[usize], reason: Option<&str>) -> String {
    let frame = run.frame();
    let figure_height = (frame.scene.rows * ROW).ceil();
    let mut card = format!(
        "<div class=\"hd-card\" role=\"group\" aria-label=\"{}\">",
        escaped(run.about().title)
    );
    card.push_str(&head(run));
    card.push_str("<div class=\"hd-main\">");
    add(
        &mut card,
        format_args!("<div class=\"hd-figure\" style=\"height:{figure_height}px\">"),
    );
    card.push_str(&draw::scene_svg(run, WIDTH));
    card.push_str("</div>");
    card.push_str(&counters(&frame.counters));
    for (index, chart) in run.charts().iter().enumerate() {
        let reason = reason.filter(|_| index == 0);
        card.push_str(&chart_box(run, index, chart, reason));
    }
    card.push_str(&transport(run));
    card.push_str("</div><div class=\"hd-side\">");
    card.push_str(&actions(run.actions()));
    card.push_str(&knobs(run, shown_knobs));
    card.push_str(
        "<div class=\"hd-why\"><span class=\"hd-hint\">This is a still picture; the lab itself needs JavaScript.</span></div>",
    );
    card.push_str(&log(run));
    card.push_str(
        "<details class=\"hd-outside\"><summary>share, save, run natively</summary></details>\
         <details class=\"hd-keys\"><summary>keys</summary></details></div></div>",
    );
    one_line(&card)
}

/// Markdown ends a block of HTML at a blank line.
fn one_line(html: &str) -> String {
    html.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn add(html: &mut String, part: core::fmt::Arguments<'_>) {
    html.write_fmt(part)
        .expect("writing to a String cannot fail");
}

fn head(run: &dyn AnyRun) -> String {
    let about = run.about();
    format!(
        "<div class=\"hd-head\"><div class=\"hd-titles\"><strong class=\"hd-title\">{}</strong>\
         <span class=\"hd-summary\">{}</span></div>\
         <div class=\"hd-tools\"><span class=\"hd-seed\">seed {}</span>{}{}{}\
         <button type=\"button\" class=\"hd-small hd-full\" disabled aria-hidden=\"true\"><i class=\"hd-icon\"></i></button></div></div>",
        escaped(about.title),
        escaped(about.summary),
        run.seed(),
        button("hd-small", "compare"),
        button("hd-small", "same again"),
        button("hd-small", "another seed"),
    )
}

/// A button that does nothing yet: it keeps the place of the living one.
fn button(class: &str, word: &str) -> String {
    format!(
        "<button type=\"button\" class=\"{class}\" disabled aria-hidden=\"true\">{}</button>",
        escaped(word)
    )
}

fn counters(counters: &[Counter]) -> String {
    let mut html = String::from("<div class=\"hd-counters\">");
    for counter in counters {
        add(
            &mut html,
            format_args!(
                "<span class=\"hd-counter\">{}<b class=\"{}\">{}</b><span>{}</span></span>",
                shape(counter.state),
                state_class(counter.state),
                escaped(&with_unit(counter.value, counter.unit)),
                escaped(counter.label),
            ),
        );
    }
    html + "</div>"
}

fn chart_box(run: &dyn AnyRun, index: usize, chart: &Chart, reason: Option<&str>) -> String {
    let keys: String = chart.lines.iter().map(key).collect();
    format!(
        "<div class=\"hd-chart\"><div class=\"hd-legend\"><span class=\"hd-caption\">{}<span class=\"hd-unit\">{}</span></span>{keys}</div>\
         <div class=\"hd-plot\" style=\"height:{CHART}px\">{}</div>{}</div>",
        escaped(chart.title),
        escaped(chart.unit),
        draw::chart_svg(run, index, WIDTH, CHART).unwrap_or_default(),
        reason.map_or(String::new(), |reason| format!(
            "<p class=\"hd-lock\">{}</p>",
            escaped(reason)
        )),
    )
}

fn key(line: &Line) -> String {
    let style = match line.style {
        LineStyle::Line => "hd-thin",
        LineStyle::Step => "hd-step",
        LineStyle::Area => "hd-area",
        LineStyle::Broad => "hd-broad",
        LineStyle::Reference => "hd-dashed",
    };
    format!(
        "<span class=\"hd-key\"><i class=\"hd-swatch {style} {}\"></i>{}</span>",
        state_class(line.state),
        escaped(line.label)
    )
}

/// The speed a lab begins with, as its own control says it.
fn speed(length: Duration) -> String {
    let pace = labs::pace(length);
    if pace == 1.0 {
        return "1×".to_owned();
    }
    let unit = labs::TimeUnit::of(Duration::from_secs_f64(pace));
    format!("{}/s", with_unit(pace * unit.per_second, unit.name))
}

fn transport(run: &dyn AnyRun) -> String {
    let unit = labs::TimeUnit::of(run.length());
    let length = run.length().as_secs_f64();
    let now = run.now().as_secs_f64();
    let square = "<button type=\"button\" class=\"hd-square\" disabled></button>";
    format!(
        "<div class=\"hd-transport\" aria-hidden=\"true\">\
         <div class=\"hd-scrub\" style=\"--hd-done:{:.2}%\"><div class=\"hd-rail\"><i class=\"hd-played\"></i></div></div>\
         <div class=\"hd-buttons\"><button type=\"button\" class=\"hd-play\" disabled>Play</button>{square}{square}\
         <span class=\"hd-clock\"><span class=\"hd-now\">{}</span><span class=\"hd-length\"> / {}</span></span>\
         <select class=\"hd-select hd-speed\" disabled><option>{}</option></select>\
         <button type=\"button\" class=\"hd-small\" disabled>Reset</button></div></div>",
        now / length * 100.0,
        unit.moment(run.now(), 2),
        with_unit(length * unit.per_second, unit.name),
        speed(run.length()),
    )
}

fn actions(actions: &[Action]) -> String {
    if actions.is_empty() {
        return String::new();
    }
    let buttons: String = actions
        .iter()
        .map(|action| button("hd-action", action.label))
        .collect();
    format!("<div class=\"hd-actions\"><span class=\"hd-caption\">Now</span>{buttons}</div>")
}

fn knobs(run: &dyn AnyRun, shown: &[usize]) -> String {
    let knobs = run.knobs();
    let cells = |wanted: bool| {
        let chosen = knobs
            .iter()
            .enumerate()
            .filter(|(index, _)| shown.contains(index) == wanted);
        chosen
            .map(|(_, &(spec, value))| knob(spec, value))
            .collect::<String>()
    };
    let (first, rest) = (cells(true), cells(false));
    let mut html = String::new();
    if !first.is_empty() {
        add(
            &mut html,
            format_args!("<div class=\"hd-knobs\">{first}</div>"),
        );
    }
    if !rest.is_empty() {
        add(
            &mut html,
            format_args!(
                "<details class=\"hd-more\"><summary>more settings</summary><div class=\"hd-knobs\">{rest}</div></details>"
            ),
        );
    }
    html
}

fn knob(spec: &labs::KnobSpec, value: f64) -> String {
    let (worded, track) = match spec.range {
        Range::Choice(names) => (
            names
                .get(value as usize)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            String::new(),
        ),
        Range::Toggle => (
            if value >= 0.5 { "on" } else { "off" }.to_owned(),
            String::new(),
        ),
        Range::Linear { .. } | Range::Log { .. } => {
            let share = spec.range.position(value) * 100.0;
            (
                with_unit(value, spec.unit),
                format!("<i class=\"hd-track\" style=\"--hd-done:{share:.1}%\"></i>"),
            )
        }
    };
    format!(
        "<div class=\"hd-knob\" title=\"{}\"><span class=\"hd-knob-label\">{}</span><span></span>\
         <span class=\"hd-knob-value\">{}</span>{track}</div>",
        escaped(spec.help),
        escaped(spec.label),
        escaped(&worded),
    )
}

fn log(run: &dyn AnyRun) -> String {
    let events = run.tape().events();
    let recent = &events[events.len().saturating_sub(ROWS)..];
    let mut html = String::from(
        "<div class=\"hd-log\" role=\"group\" aria-label=\"event log\"><div class=\"hd-log-head\"><span class=\"hd-caption\">Event log</span></div>\
         <table><thead><tr><th scope=\"col\">time</th><th scope=\"col\">event</th><th scope=\"col\">what happened</th></tr></thead><tbody>",
    );
    for (nth, event) in recent.iter().enumerate() {
        html.push_str(&log_row(run, event, nth + 1 == recent.len()));
    }
    for _ in recent.len()..ROWS {
        html.push_str("<tr aria-hidden=\"true\"><td colspan=\"3\"></td></tr>");
    }
    html + "</tbody></table></div>"
}

fn log_row(run: &dyn AnyRun, event: &Event, last: bool) -> String {
    let kind = run.kinds().get(usize::from(event.kind));
    let (name, state) = kind.map_or(("", State::Neutral), |kind| (kind.name, kind.state));
    let at = if run.length().as_secs_f64() < 1.0 {
        format!("{:.3} ms", event.at.as_secs_f64() * 1e3)
    } else {
        event.at.to_string()
    };
    format!(
        "<tr{}><td>{at}</td><td>{}<span class=\"{}\">{}</span></td><td>{}</td></tr>",
        if last { " class=\"hd-last\"" } else { "" },
        shape(state),
        state_class(state),
        escaped(name),
        escaped(&run.describe(event)),
    )
}

fn shape(state: State) -> String {
    format!("<i class=\"hd-shape {}\"></i>", state_class(state))
}

fn state_class(state: State) -> &'static str {
    match state {
        State::Neutral => "hd-neutral",
        State::Muted => "hd-muted",
        State::Served => "hd-served",
        State::Waiting => "hd-waiting",
        State::Rejected => "hd-rejected",
        State::TimedOut => "hd-timed-out",
        State::Retried => "hd-retried",
        State::Moved => "hd-moved",
        State::Selected => "hd-selected",
    }
}
