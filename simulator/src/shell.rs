//! The shell: the one component with a state, the same for every lab; all else in the page is a pure function of its snapshot.

use std::rc::Rc;

use labs::{About, Action, Chart};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::browser::Watch;
use crate::canvas::{CHART, Canvases, ROW};
use crate::event_table::{event_table, why};
use crate::icons;
use crate::keys::{self, Focus};
use crate::knobs::knobs;
use crate::player::{Parts, Player};
use crate::snapshot::{CounterView, Snapshot};
use crate::transport::{Fixed, Playhead, transport, worded};
use crate::world::{Command, Pace, World};

/// What a page gives a shell.
#[derive(Clone, Properties)]
pub(crate) struct ShellProps {
    /// The world, to be taken once.
    pub world: Rc<core::cell::Cell<Option<World>>>,
    /// Where the shell stands.
    pub root: Element,
    /// Receives the player.
    pub ready: Callback<Rc<Player>>,
    /// Address of the full-screen page, without a query; `None` on that page itself.
    pub full_screen: Option<AttrValue>,
}

/// A shell's properties never change.
impl PartialEq for ShellProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.world, &other.world)
    }
}

/// See the module's text.
pub(crate) struct LabShell {
    player: Rc<Player>,
    snapshot: Rc<Snapshot>,
    /// The figure in words, as of the last time it stood still.
    label: AttrValue,
    on: Callback<Command>,
    lab: LabFacts,
    fixed: Fixed,
    card: NodeRef,
    watch: Option<Watch>,
}

/// What never changes about a lab.
struct LabFacts {
    about: &'static About,
    actions: &'static [Action],
    charts: &'static [Chart],
    rows: f32,
}

impl Component for LabShell {
    type Message = Rc<Snapshot>;
    type Properties = ShellProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let world = props.world.take().expect("a shell is created once, with its world");
        let run = world.run();
        let lab = LabFacts {
            about: run.about(),
            actions: run.actions(),
            charts: run.charts(),
            rows: run.frame().scene.rows,
        };
        let length = lab.about.duration;
        let fixed = Fixed {
            length: crate::numbers::length(length).into(),
            secs: length.as_secs_f64(),
            jumps: world.pace() == Pace::Jumps,
        };
        let parts = Parts {
            canvases: Canvases::new(lab.charts.len()),
            head: Playhead::default(),
            speech: NodeRef::default(),
        };
        let player = Player::new(world, props.root.clone(), parts, ctx.link().callback(|snapshot| snapshot));
        let snapshot = player.snapshot();
        let on = Callback::from({
            let player = player.clone();
            move |command| player.command(command)
        });
        let label = snapshot.summary.clone();
        Self { player, snapshot, label, on, lab, fixed, card: NodeRef::default(), watch: None }
    }

    fn update(&mut self, _: &Context<Self>, snapshot: Rc<Snapshot>) -> bool {
        if !snapshot.playing {
            self.label = snapshot.summary.clone();
        }
        self.snapshot = snapshot;
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (snapshot, on, props) = (&*self.snapshot, &self.on, ctx.props());
        html! {
            <div class="hd-card" ref={&self.card} role="group" tabindex="-1"
                aria-label={self.lab.about.title} onkeydown={self.keys()}>
                { self.head(props) }
                <div class="hd-main">
                    { self.figure() }
                    { counters(&snapshot.counters) }
                    { for self.lab.charts.iter().enumerate().map(|(nth, chart)| self.chart(nth, chart)) }
                    { transport(snapshot, &self.fixed, &self.player.parts.head, on) }
                </div>
                <div class="hd-side">
                    { actions(self.lab.actions, snapshot.ended, on) }
                    { knobs(&snapshot.knobs, on) }
                    { why(snapshot.why.as_ref(), snapshot.note.as_ref(), on) }
                    { event_table(&snapshot.log, on) }
                    { help(self.fixed.jumps) }
                </div>
                <p class="hd-speech" role="status" aria-live="polite" ref={&self.player.parts.speech}></p>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return;
        }
        self.player.measure();
        if let Some(card) = self.card.cast::<Element>() {
            let player = self.player.clone();
            self.watch = Some(Watch::new(&card, move || player.measure()));
        }
        ctx.props().ready.emit(self.player.clone());
    }
}

/// Parts of the card that need more than the snapshot.
impl LabShell {
    fn head(&self, props: &ShellProps) -> Html {
        let (about, on) = (self.lab.about, &self.on);
        html! {
            <div class="hd-head">
                <div class="hd-titles">
                    <strong class="hd-title">{ about.title }</strong>
                    <span class="hd-summary">{ about.summary }</span>
                </div>
                <div class="hd-tools">
                    <span class="hd-seed">{ "seed " }{ self.snapshot.seed }</span>
                    { worded("same again", "play the same seed from the start", on, Command::Again) }
                    { worded("another seed", "play the next seed from the start", on, Command::AnotherSeed) }
                    if let Some(page) = &props.full_screen {
                        <a class="hd-small hd-full" href={format!("{page}{}", self.snapshot.query)}
                            title="open full screen" aria-label="open full screen">
                            { icons::full_screen() }
                        </a>
                    }
                </div>
            </div>
        }
    }

    fn figure(&self) -> Html {
        let (player, on) = (self.player.clone(), self.on.clone());
        let onpointerdown = Callback::from(move |event: PointerEvent| {
            let (x, y) = (event.offset_x() as f32, event.offset_y() as f32);
            on.emit(player.subject_at(x, y).map_or(Command::Unask, Command::Ask));
        });
        html! {
            <div class="hd-figure" style={format!("height:{}px", (self.lab.rows * ROW).ceil() as u32)}>
                <canvas role="img" aria-label={&self.label} ref={&self.player.parts.canvases.figure} {onpointerdown}></canvas>
            </div>
        }
    }

    fn chart(&self, nth: usize, chart: &'static Chart) -> Html {
        let seek = {
            let (player, on) = (self.player.clone(), self.on.clone());
            move |event: &PointerEvent| {
                if let Some(at) = player.time_at(event.offset_x() as f32) {
                    on.emit(Command::Seek(at));
                }
            }
        };
        let onpointerdown = Callback::from({
            let seek = seek.clone();
            move |event: PointerEvent| {
                let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                if let Some(target) = target {
                    // Without the capture a drag ends at the edge of the chart, which is no harm.
                    let _ = target.set_pointer_capture(event.pointer_id());
                }
                seek(&event);
            }
        });
        let onpointermove = Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 1 {
                seek(&event);
            }
        });
        let names: Vec<&str> = chart.lines.iter().map(|line| line.label).collect();
        let label = format!("Chart over time: {}, in {}: {}.", chart.title, chart.unit, names.join(", "));
        html! {
            <div class="hd-chart">
                { legend(chart) }
                <canvas role="img" aria-label={label} style={format!("height:{}px", CHART as u32)}
                    ref={&self.player.parts.canvases.charts[nth]} {onpointerdown} {onpointermove}></canvas>
            </div>
        }
    }

    fn keys(&self) -> Callback<KeyboardEvent> {
        let on = self.on.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let (key, focus) = (event.key(), focus_of(&event));
            if keys::stays(&key, focus) {
                event.stop_propagation();
            }
            if let Some(command) = keys::command(&key, event.shift_key(), focus) {
                event.prevent_default();
                event.stop_propagation();
                on.emit(command);
            }
        })
    }
}

/// What has the focus when a key is pressed.
fn focus_of(event: &KeyboardEvent) -> Focus {
    let target = event.composed_path().get(0);
    let Ok(element) = target.dyn_into::<HtmlElement>() else { return Focus::Card };
    if element.has_attribute("data-time") {
        return Focus::Time;
    }
    if let Some(knob) = element.get_attribute("data-knob").and_then(|knob| knob.parse().ok()) {
        return Focus::Knob(knob);
    }
    match element.tag_name().as_str() {
        "BUTTON" | "A" | "SUMMARY" => Focus::Button,
        "INPUT" | "SELECT" => Focus::Choice,
        _ => Focus::Card,
    }
}

fn counters(counters: &[CounterView]) -> Html {
    html! {
        <div class="hd-counters">
            { for counters.iter().map(|counter| html! {
                <span class="hd-counter">
                    { icons::shape(counter.state) }
                    <b class={icons::state_class(counter.state)}>{ &counter.value }</b>
                    <span>{ counter.label }</span>
                </span>
            }) }
        </div>
    }
}

fn legend(chart: &'static Chart) -> Html {
    html! {
        <div class="hd-legend">
            <span class="hd-caption">{ chart.title }<span class="hd-unit">{ chart.unit }</span></span>
            { for chart.lines.iter().map(|line| html! {
                <span class="hd-key">{ icons::swatch(line.style, line.state) }{ line.label }</span>
            }) }
        </div>
    }
}

fn actions(actions: &'static [Action], ended: bool, on: &Callback<Command>) -> Html {
    if actions.is_empty() {
        return Html::default();
    }
    html! {
        <div class="hd-actions" role="group" aria-label="do something now">
            <span class="hd-caption">{ "Now" }</span>
            { for actions.iter().enumerate().map(|(nth, action)| html! {
                <button type="button" class="hd-action" title={action.help} disabled={ended}
                    onclick={on.reform(move |_: MouseEvent| Command::Act(nth))}>
                    { action.label }
                </button>
            }) }
        </div>
    }
}

fn help(jumps: bool) -> Html {
    const KEYS: [(&str, &str); 6] = [
        ("Space", "play or pause"),
        ("← →", "step back or forward"),
        ("Shift ← →", "one second back or forward"),
        ("Home End", "start or end of the run"),
        ("[ ]", "slower or faster"),
        ("double click", "a slider back to its default"),
    ];
    html! {
        <details class="hd-keys">
            <summary>{ "keys" }</summary>
            <dl>
                { for KEYS.iter().map(|(key, does)| html! { <div><dt><kbd>{ *key }</kbd></dt><dd>{ *does }</dd></div> }) }
            </dl>
            if jumps {
                <p>{ "Your system asks for reduced motion: playing moves on by half a second at a time, without animation in between." }</p>
            }
        </details>
    }
}
