//! A frame loop that runs only while somebody wants frames.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// What the browser calls; empty only while the loop is being made.
type Frame = RefCell<Option<Closure<dyn FnMut(f64)>>>;

/// Asks the browser for frames, one at a time; dropping it cancels the one under way.
pub(crate) struct FrameLoop {
    callback: Rc<Frame>,
    asked: Rc<Cell<Option<i32>>>,
}

impl FrameLoop {
    /// A loop that calls `frame` with the browser's time in milliseconds; `frame` says whether it wants another one.
    pub(crate) fn new(frame: impl Fn(f64) -> bool + 'static) -> Self {
        let this = Self {
            callback: Rc::default(),
            asked: Rc::default(),
        };
        let (callback, asked) = (Rc::downgrade(&this.callback), this.asked.clone());
        let closure = Closure::new(move |now_ms: f64| {
            asked.set(None);
            if frame(now_ms)
                && let Some(callback) = callback.upgrade()
            {
                ask(&callback, &asked);
            }
        });
        *this.callback.borrow_mut() = Some(closure);
        this
    }

    /// Asks for a frame, if none is under way.
    pub(crate) fn wake(&self) {
        ask(&self.callback, &self.asked);
    }

    /// Cancels the frame under way.
    pub(crate) fn stop(&self) {
        if let (Some(id), Some(window)) = (self.asked.take(), web_sys::window()) {
            // Cancelling a frame that has just been shown is no error.
            let _ = window.cancel_animation_frame(id);
        }
    }
}

fn ask(callback: &Frame, asked: &Cell<Option<i32>>) {
    if asked.get().is_some() {
        return;
    }
    let callback = callback.borrow();
    let (Some(closure), Some(window)) = (callback.as_ref(), web_sys::window()) else {
        return;
    };
    asked.set(
        window
            .request_animation_frame(closure.as_ref().unchecked_ref())
            .ok(),
    );
}

impl Drop for FrameLoop {
    fn drop(&mut self) {
        self.stop();
    }
}
