//! The player: lets a world run with the browser's frames, draws it, and says when its words have changed.

use core::time::Duration;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use clock::Instant;
use draw::View;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;
use yew::{Callback, NodeRef};

use crate::announce::{self, Announcer};
use crate::browser;
use crate::canvas::{self, Canvases};
use crate::frame_loop::FrameLoop;
use crate::snapshot::{Landmarks, Snapshot};
use crate::transport::Playhead;
use crate::world::{Command, Side, World};

/// While it plays, words change this often: often enough to follow, seldom enough to read.
const WORDS_MS: f64 = 125.0;
/// Time in each frame for computing what lies ahead; a quarter of a frame leaves the page its breath.
const AHEAD_MS: f64 = 4.0;
/// Frames whose cost is remembered.
const COSTS: usize = 120;

/// The elements a player writes to by itself.
#[derive(Clone, PartialEq)]
pub(crate) struct Parts {
    /// The figure and the charts.
    pub canvases: Canvases,
    /// What follows the time in the transport bar.
    pub head: Playhead,
    /// The live region.
    pub speech: NodeRef,
}

/// See the module's text.
pub(crate) struct Player {
    world: RefCell<World>,
    /// Where a failure of this lab is told.
    root: web_sys::Element,
    /// The elements it writes to.
    pub(crate) parts: Parts,
    show: Callback<Rc<Snapshot>>,
    frames: OnceCell<FrameLoop>,
    view: Cell<Option<View>>,
    /// Width of the charts, in CSS pixels; in a comparison the figures may be narrower.
    axis: Cell<f32>,
    visible: Cell<bool>,
    last_ms: Cell<Option<f64>>,
    words: RefCell<Words>,
    costs: RefCell<Vec<f64>>,
    /// Whom the page wants to be told of moments.
    listener: OnceCell<js_sys::Function>,
}

/// What has been told, and when.
struct Words {
    landmarks: Landmarks,
    announcer: Announcer,
    /// Entries of the log that have been looked through for landmarks to speak of.
    heard: usize,
    told_ms: f64,
    stale: bool,
}

impl Player {
    /// A player for `world`, which hands what is to be told to `show`.
    pub(crate) fn new(
        world: World,
        root: web_sys::Element,
        parts: Parts,
        show: Callback<Rc<Snapshot>>,
    ) -> Rc<Self> {
        let words = Words {
            landmarks: Landmarks::default(),
            announcer: Announcer::default(),
            heard: world.run().tape().events().len(),
            told_ms: f64::MIN,
            stale: false,
        };
        let this = Rc::new(Self {
            world: RefCell::new(world),
            root,
            parts,
            show,
            frames: OnceCell::new(),
            view: Cell::new(None),
            axis: Cell::new(0.0),
            visible: Cell::new(true),
            last_ms: Cell::new(None),
            words: RefCell::new(words),
            costs: RefCell::default(),
            listener: OnceCell::new(),
        });
        let weak = Rc::downgrade(&this);
        let frames =
            FrameLoop::new(move |now_ms| weak.upgrade().is_some_and(|player| player.frame(now_ms)));
        // Nobody else sets it.
        let _ = this.frames.set(frames);
        this
    }

    /// The world; not while it is running or drawing.
    pub(crate) fn world(&self) -> &RefCell<World> {
        &self.world
    }

    /// What there is to tell now.
    pub(crate) fn snapshot(&self) -> Rc<Snapshot> {
        Rc::new(Snapshot::of(
            &self.world.borrow(),
            &mut self.words.borrow_mut().landmarks,
        ))
    }

    /// Carries out a command and shows what follows with the next frame.
    pub(crate) fn command(&self, command: Command) {
        let _running = browser::enter(&self.root);
        // A lab that has failed stays borrowed for ever, and answers nothing more.
        let Ok(mut world) = self.world.try_borrow_mut() else {
            return;
        };
        world.apply(command);
        let mut words = self.words.borrow_mut();
        if matches!(
            command,
            Command::Knob(..) | Command::NudgeKnob(..) | Command::ResetKnob(_)
        ) || matches!(
            command,
            Command::Act(_)
                | Command::Ask(_)
                | Command::Undo
                | Command::Again
                | Command::AnotherSeed
                | Command::Reset
                | Command::Compare
        ) {
            words.landmarks.clear();
        }
        words.heard = world.run().tape().events().len();
        words.told_ms = f64::MIN;
        if let Some(text) = announce::answer(&world, command) {
            let text = words.announcer.answer(text, browser::now_ms());
            browser::set_text(&self.parts.speech, &text);
        }
        drop((world, words));
        self.wake();
    }

    /// Changes the world in a way that no command of the reader's does, and shows what follows with the next frame.
    pub(crate) fn change(&self, then: &mut dyn FnMut(&mut World)) {
        let _running = browser::enter(&self.root);
        let Ok(mut world) = self.world.try_borrow_mut() else {
            return;
        };
        then(&mut world);
        let mut words = self.words.borrow_mut();
        words.landmarks.clear();
        words.heard = world.run().tape().events().len();
        words.told_ms = f64::MIN;
        drop((world, words));
        self.wake();
    }

    /// Tells this moment to the page, and every later one whose words change.
    pub(crate) fn on_moment(&self, told: js_sys::Function) {
        // It is set once, when the lab comes alive.
        let _ = self.listener.set(told);
        if let Ok(world) = self.world.try_borrow() {
            self.tell_page(&world);
        }
    }

    fn tell_page(&self, world: &World) {
        if let Some(listener) = self.listener.get() {
            // What the page does with it is none of the lab's business.
            let _ = listener.apply(&JsValue::NULL, &crate::host::moment(world));
        }
    }

    /// The page has given or taken room, or changed its colours.
    pub(crate) fn measure(&self) {
        let view = self.parts.canvases.view();
        self.view.set(view);
        let axis = self.parts.canvases.axis();
        if let Some(view) = view {
            self.axis.set(axis.unwrap_or(view.width));
        }
        if let (Some(_), Some(bar)) = (view, self.parts.head.bar.cast::<HtmlElement>()) {
            let (left, right) = draw::margins(self.axis.get());
            browser::set_property(&bar, "--hd-axis-left", &pixels(left));
            browser::set_property(&bar, "--hd-axis-right", &pixels(right));
        }
        if let Ok(mut world) = self.world.try_borrow_mut() {
            world.touch();
        }
        self.wake();
    }

    /// Takes data of the reader's own; a sentence on what was understood.
    ///
    /// # Errors
    /// A sentence on what is wrong with the data; everything is then as it was.
    pub(crate) fn load(&self, world: &mut World, bytes: &[u8]) -> Result<String, String> {
        let _running = browser::enter(&self.root);
        let understood = world.load(bytes)?;
        let mut words = self.words.borrow_mut();
        words.landmarks.clear();
        words.heard = world.run().tape().events().len();
        words.told_ms = f64::MIN;
        self.wake();
        Ok(understood)
    }

    /// How the lab is drawn now; `None` while there is no room for it.
    pub(crate) fn view(&self) -> Option<View> {
        self.view.get()
    }

    /// Draws without waiting for a frame, so that a lab which is not yet on screen does not scroll in empty.
    pub(crate) fn draw_now(&self) {
        let _running = browser::enter(&self.root);
        if let Ok(world) = self.world.try_borrow() {
            self.draw(&world);
        }
    }

    /// Stops while nobody can see it.
    pub(crate) fn set_visible(&self, visible: bool) {
        self.visible.set(visible);
        if visible {
            self.wake();
        } else {
            self.last_ms.set(None);
            if let Some(frames) = self.frames.get() {
                frames.stop();
            }
        }
    }

    /// The request drawn at a place of one side's figure, in CSS pixels from its corner.
    pub(crate) fn subject_at(&self, side: Side, x: f32, y: f32) -> Option<u32> {
        let world = self.world.try_borrow().ok()?;
        let run = match side {
            Side::A => world.run(),
            Side::B => world.twin()?,
        };
        draw::hit(&run.frame().scene, &self.view.get()?, x, y)
    }

    /// The moment at a distance from the left edge of a chart, in CSS pixels.
    pub(crate) fn time_at(&self, x: f32) -> Option<Instant> {
        let world = self.world.try_borrow().ok()?;
        let view = View {
            width: self.axis.get(),
            ..self.view.get()?
        };
        Some(draw::time_at(x, world.run().length(), &view))
    }

    /// What 19 of 20 of the last frames cost at most, in milliseconds of this thread.
    pub(crate) fn frame_ms(&self) -> f64 {
        let costs = self.costs.borrow();
        let dearer = |than: f64| costs.iter().filter(|&&cost| cost > than).count();
        let dearest = costs
            .iter()
            .copied()
            .filter(|&cost| dearer(cost) <= costs.len() / 20);
        dearest.reduce(f64::min).unwrap_or(0.0)
    }

    fn wake(&self) {
        if let (true, Some(frames)) = (self.visible.get(), self.frames.get()) {
            frames.wake();
        }
    }
}

/// One frame.
impl Player {
    /// Moves on, draws and tells; `true` asks for another frame.
    fn frame(&self, now_ms: f64) -> bool {
        let _running = browser::enter(&self.root);
        let Ok(mut world) = self.world.try_borrow_mut() else {
            return false;
        };
        let start_ms = browser::now_ms();
        let waited_ms = self.last_ms.get().map_or(0.0, |last| now_ms - last);
        let playing = world.playing();
        world.tick(Duration::from_secs_f64(waited_ms.max(0.0) / 1e3));
        let mut words = self.words.borrow_mut();
        if world.take_dirty() {
            self.draw(&world);
            words.stale = true;
        }
        if words.stale && (!world.playing() || now_ms - words.told_ms >= WORDS_MS) {
            self.tell(&world, &mut words, now_ms);
        }
        if playing && !world.playing() {
            let ended = if world.waits() {
                ""
            } else {
                "The run has ended. "
            };
            let text = [ended, &announce::summary(&world)].concat();
            let text = words.announcer.answer(text, browser::now_ms());
            browser::set_text(&self.parts.speech, &text);
        }
        let cost_ms = browser::now_ms() - start_ms;
        self.note_cost(cost_ms);
        if !world.playing() && world.has_ahead() {
            world.look_ahead(AHEAD_MS - cost_ms.min(AHEAD_MS), browser::now_ms);
        }
        let more = world.playing() || world.has_ahead() || words.stale;
        self.last_ms.set(more.then_some(now_ms));
        more && self.visible.get()
    }

    fn draw(&self, world: &World) {
        let Some(mut view) = self.view.get() else {
            return;
        };
        if view.scale != canvas::device_pixel_ratio() * draw::FINE {
            view.scale = canvas::device_pixel_ratio() * draw::FINE;
            self.view.set(Some(view));
        }
        let (run, length) = (world.run(), world.run().length());
        self.parts.canvases.draw(world, &view, self.axis.get());
        let secs = run.now().as_secs_f64();
        let head = &self.parts.head;
        browser::set_text(&head.clock, &crate::numbers::moment(run.now(), length));
        browser::set_value(&head.slider, secs);
        if let Some(bar) = head.bar.cast::<HtmlElement>() {
            let share = secs / length.as_secs_f64() * 100.0;
            browser::set_property(&bar, "--hd-done", &format!("{share:.2}%"));
        }
    }

    fn tell(&self, world: &World, words: &mut Words, now_ms: f64) {
        words.stale = false;
        words.told_ms = now_ms;
        let events = world.run().tape().events();
        for event in events.iter().skip(words.heard) {
            if let Some(text) = announce::landmark(world, event) {
                words.announcer.landmark(text);
            }
        }
        words.heard = events.len();
        if let Some(text) = words.announcer.due(now_ms) {
            browser::set_text(&self.parts.speech, &text);
        }
        self.tell_page(world);
        self.show
            .emit(Rc::new(Snapshot::of(world, &mut words.landmarks)));
    }

    fn note_cost(&self, cost_ms: f64) {
        let mut costs = self.costs.borrow_mut();
        if costs.len() == COSTS {
            costs.remove(0);
        }
        costs.push(cost_ms);
    }
}

fn pixels(length: f32) -> String {
    format!("{}px", length.round() as i32)
}
