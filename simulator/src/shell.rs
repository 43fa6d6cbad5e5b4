//! The shell: the one component with a state, the same for every lab; all else in the page is a pure function of its snapshot.

use std::rc::Rc;

use labs::{About, Action, Chart};
use wasm_bindgen::JsCast;
use web_sys::{Element as Dom, Event, KeyboardEvent, PointerEvent};
use yew::virtual_dom::ListenerKind;
use yew::{AttrValue, Callback, Component, Context, Html, NodeRef, Properties};

use crate::browser::Watch;
use crate::canvas::{CHART, Canvases, ROW};
use crate::element::{Element, all, el, target};
use crate::event_table::{event_table, why};
use crate::heading::heading;
use crate::keys::{self, Focus};
use crate::knobs::knobs;
use crate::player::{Parts, Player};
use crate::readings::{legend, numbers, pane};
use crate::snapshot::Snapshot;
use crate::transport::{Fixed, Playhead, button, transport};
use crate::world::{Command, Pace, Side, World};

/// What a page gives a shell.
#[derive(Clone, Properties)]
pub(crate) struct ShellProps {
    /// The world, to be taken once.
    pub world: Rc<core::cell::Cell<Option<World>>>,
    /// Where the shell stands.
    pub root: Dom,
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
    /// How often the words have changed.
    told: u32,
    card: NodeRef,
    watch: Option<Watch>,
    /// Two figures have been laid out.
    two: bool,
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
        let world = props
            .world
            .take()
            .expect("a shell is created once, with its world");
        let run = world.run();
        let lab = LabFacts {
            about: run.about(),
            actions: run.actions(),
            charts: run.charts(),
            rows: run.frame().scene.rows,
        };
        let fixed = Fixed::of(run.length(), world.pace() == Pace::Jumps);
        let parts = Parts {
            canvases: Canvases::new(lab.charts.len()),
            head: Playhead::default(),
            speech: NodeRef::default(),
        };
        let player = Player::new(
            world,
            props.root.clone(),
            parts,
            ctx.link().callback(|snapshot| snapshot),
        );
        let snapshot = player.snapshot();
        let on = Callback::from({
            let player = player.clone();
            move |command| player.command(command)
        });
        let label = snapshot.summary.clone();
        Self {
            player,
            snapshot,
            label,
            on,
            lab,
            fixed,
            told: 0,
            card: NodeRef::default(),
            watch: None,
            two: false,
        }
    }

    fn update(&mut self, _: &Context<Self>, snapshot: Rc<Snapshot>) -> bool {
        if !snapshot.playing {
            self.label = snapshot.summary.clone();
        }
        if snapshot.length != self.snapshot.length {
            self.fixed = Fixed::of(snapshot.length, self.fixed.jumps);
        }
        self.snapshot = snapshot;
        self.told = self.told.wrapping_add(1);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (snapshot, on) = (&*self.snapshot, &self.on);
        let charts = self
            .lab
            .charts
            .iter()
            .enumerate()
            .map(|(nth, chart)| self.chart(nth, chart));
        let main = el("div", "hd-main")
            .with(self.figures())
            .with(numbers(snapshot))
            .each(charts)
            .with(transport(
                snapshot,
                &self.fixed,
                &self.player.parts.head,
                on,
            ));
        let turned = el("fieldset", "hd-turn")
            .flag("disabled", snapshot.locked.is_some())
            .append(all(actions(self.lab.actions, snapshot, on)))
            .append(knobs(&snapshot.knobs, on));
        let side = el("div", "hd-side")
            .with(turned)
            .with(why(snapshot.why.as_ref(), snapshot.note.as_ref(), on))
            .with(event_table(&snapshot.log, snapshot.compared.as_ref(), on))
            .with(outside(self.told))
            .with(help(self.fixed.jumps));
        let full_screen = ctx.props().full_screen.as_ref();
        let head = heading(self.lab.about, snapshot, full_screen, on);
        let speech = el("p", "hd-speech")
            .attr("role", "status")
            .attr("aria-live", "polite");
        let on = on.clone();
        el("div", "hd-card")
            .attr("role", "group")
            .attr("tabindex", "-1")
            .attr("aria-label", self.lab.about.title)
            .known(&self.card)
            .on(
                || ListenerKind::onkeydown,
                Rc::new(move |event| key(&event, &on)),
            )
            .with(head)
            .with(main)
            .with(side)
            .with(speech.known(&self.player.parts.speech))
            .into()
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        // A second figure may take half the room of the first, and the card be as large as before.
        let two = self.snapshot.compared.is_some();
        if first || core::mem::replace(&mut self.two, two) != two {
            self.player.measure();
        }
        if !first {
            return;
        }
        if let Some(card) = self.card.cast::<Dom>() {
            let player = self.player.clone();
            self.watch = Some(Watch::new(&card, move || player.measure()));
        }
        ctx.props().ready.emit(self.player.clone());
    }
}

/// Parts of the card that need more than the snapshot.
impl LabShell {
    /// The figure; in a comparison both, each under its letter and its settings.
    fn figures(&self) -> Element {
        let canvases = &self.player.parts.canvases;
        let label = self.label.clone();
        let Some(compared) = &self.snapshot.compared else {
            let own = self.figure(Side::A, label, &canvases.figure);
            return el("div", "hd-figures").with(own);
        };
        let own = self.figure(Side::A, label, &canvases.figure);
        let other = self.figure(Side::B, compared.summary.clone(), &canvases.twin);
        let [a, b] = &compared.settings;
        el("div", "hd-figures hd-two")
            .with(pane(Side::A, a, own))
            .with(pane(Side::B, b, other))
    }

    fn figure(&self, side: Side, label: AttrValue, canvas: &NodeRef) -> Element {
        let (player, on) = (self.player.clone(), self.on.clone());
        let height = (self.lab.rows * ROW).ceil() as u32;
        let canvas = el("canvas", "")
            .attr("role", "img")
            .attr("aria-label", label)
            .known(canvas)
            .on(
                || ListenerKind::onpointerdown,
                Rc::new(move |event| {
                    let Some(event) = event.dyn_ref::<PointerEvent>() else {
                        return;
                    };
                    let (x, y) = (event.offset_x() as f32, event.offset_y() as f32);
                    let asked = player.subject_at(side, x, y);
                    on.emit(Command::Look(side));
                    on.emit(asked.map_or(Command::Unask, Command::Ask));
                }),
            );
        el("div", "hd-figure")
            .attr("style", format!("height:{height}px"))
            .with(canvas)
    }

    fn chart(&self, nth: usize, chart: &'static Chart) -> Element {
        let (player, on) = (self.player.clone(), self.on.clone());
        let seek = Rc::new(move |event: Event| {
            let Some(event) = event.dyn_ref::<PointerEvent>() else {
                return;
            };
            let pressed = event.buttons() & 1 == 1;
            if event.type_() == "pointerdown"
                && let Some(canvas) = target::<Dom>(event)
            {
                // Without the capture a drag ends at the edge of the chart, which is no harm.
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
            if let (true, Some(at)) = (pressed, player.time_at(event.offset_x() as f32)) {
                on.emit(Command::Seek(at));
            }
        });
        let names: Vec<&str> = chart.lines.iter().map(|line| line.label).collect();
        let label = [
            "Chart over time: ",
            chart.title,
            " (",
            chart.unit,
            "): ",
            &names.join(", "),
        ]
        .concat();
        let canvas = el("canvas", "")
            .attr("role", "img")
            .attr("aria-label", label)
            .attr("style", format!("height:{}px", CHART as u32))
            .known(&self.player.parts.canvases.charts[nth])
            .on(|| ListenerKind::onpointerdown, seek.clone())
            .on(|| ListenerKind::onpointermove, seek);
        let first = self.lab.charts[..nth].iter().map(|chart| chart.lines.len());
        let first: usize = first.sum();
        let lines = first..first + chart.lines.len();
        let own = (self.snapshot.sketched.iter()).any(|line| lines.contains(line));
        let reason = self.snapshot.locked.clone().filter(|_| nth == 0);
        el("div", "hd-chart")
            .with(legend(chart, own, self.snapshot.compared.is_some()))
            .with(canvas)
            .each(reason.map(|reason| el("p", "hd-lock").text(reason)))
    }
}

fn key(event: &Event, on: &Callback<Command>) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let (key, focus) = (event.key(), focus_of(event));
    if keys::stays(&key, focus) {
        event.stop_propagation();
    }
    if let Some(command) = keys::command(&key, event.shift_key(), focus) {
        event.prevent_default();
        event.stop_propagation();
        on.emit(command);
    }
}

/// What has the focus when a key is pressed.
fn focus_of(event: &KeyboardEvent) -> Focus {
    let Some(element) = target::<Dom>(event) else {
        return Focus::Card;
    };
    if element.has_attribute("data-time") {
        return Focus::Time;
    }
    if element.has_attribute("data-field") {
        return Focus::Field;
    }
    if let Some(knob) = element
        .get_attribute("data-knob")
        .and_then(|knob| knob.parse().ok())
    {
        return Focus::Knob(knob);
    }
    match element.tag_name().as_str() {
        "BUTTON" | "A" | "SUMMARY" => Focus::Button,
        "INPUT" | "SELECT" => Focus::Choice,
        _ => Focus::Card,
    }
}

fn actions(
    actions: &'static [Action],
    snapshot: &Snapshot,
    on: &Callback<Command>,
) -> Option<Element> {
    let button = |help, command, label| button("hd-action", help, on, command).text(label);
    // What cannot be chosen now keeps the focus: it can be chosen a moment later.
    let closed = |button: Element, closed| match closed {
        true => button.attr("aria-disabled", "true"),
        false => button,
    };
    let buttons = actions.iter().enumerate().map(|(nth, action)| {
        let button = button(action.help, Command::Act(nth), action.label);
        match snapshot.choices {
            Some((choices, _)) => closed(button, choices >> nth & 1 == 0),
            None => button.flag("disabled", snapshot.ended),
        }
    });
    let undo = snapshot.choices.map(|(_, can)| {
        let help = "takes the last choice back: the clock goes back to it (Backspace)";
        closed(button(help, Command::Undo, "Undo"), !can)
    });
    (!actions.is_empty()).then(|| {
        el("div", "hd-actions")
            .attr("role", "group")
            .attr("aria-label", "do something now")
            .with(el("span", "hd-caption").text("Now"))
            .each(buttons)
            .each(undo)
    })
}

/// What goes out of the lab and comes into it; the page's script fills it when it is unfolded, and again when the words change.
fn outside(told: u32) -> Element {
    el("details", "hd-outside")
        .attr("data-told", told.to_string())
        .with(el("summary", "").text("share, save, run natively"))
        .with(el("div", ""))
}

fn help(jumps: bool) -> Element {
    const KEYS: [[&str; 2]; 7] = [
        ["Space", "play or pause"],
        ["← →", "step back or forward"],
        ["Shift ← →", "one second back or forward"],
        ["Home End", "start or end of the run"],
        ["[ ]", "slower or faster"],
        ["Backspace", "undo what you did last"],
        ["double click", "a slider back to its default"],
    ];
    let keys = KEYS.into_iter().map(|[key, does]| {
        el("div", "")
            .with(el("dt", "").with(el("kbd", "").text(key)))
            .with(el("dd", "").text(does))
    });
    let motion = jumps.then(|| {
        el("p", "").text(
            "Your system asks for reduced motion: playing moves on by half a second at a time.",
        )
    });
    el("details", "hd-keys")
        .with(el("summary", "").text("keys"))
        .with(el("dl", "").each(keys))
        .each(motion)
}
