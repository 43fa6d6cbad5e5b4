//! The few things asked of the browser: time, storage, preferences, observers, and where to tell that a lab has failed.

use std::cell::{Cell, RefCell};

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, HtmlElement, HtmlInputElement, MutationObserver, MutationObserverInit, ResizeObserver,
    Storage,
};
use yew::NodeRef;

/// Milliseconds since the page was opened.
pub(crate) fn now_ms() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now())
}

/// The reader's system asks for reduced motion.
pub(crate) fn reduced_motion() -> bool {
    web_sys::window()
        .and_then(|window| {
            window
                .match_media("(prefers-reduced-motion: reduce)")
                .ok()
                .flatten()
        })
        .is_some_and(|query| query.matches())
}

/// The page's storage, where the browser allows one.
pub(crate) fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// The path of the page.
pub(crate) fn path() -> String {
    web_sys::window()
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_default()
}

/// Writes the words of an element that the page's rendering leaves empty.
pub(crate) fn set_text(node: &NodeRef, text: &str) {
    if let Some(element) = node.get() {
        element.set_text_content(Some(text));
    }
}

/// Moves a slider.
pub(crate) fn set_value(node: &NodeRef, value: f64) {
    if let Some(slider) = node.cast::<HtmlInputElement>() {
        slider.set_value_as_number(value);
    }
}

/// Sets a custom property of an element's style.
pub(crate) fn set_property(element: &HtmlElement, name: &str, value: &str) {
    // Only a read-only style could refuse, and an element's own is not.
    let _ = element.style().set_property(name, value);
}

/// Calls back when an element's size or the page's theme changes, until it is dropped.
pub(crate) struct Watch {
    size: Option<ResizeObserver>,
    theme: Option<MutationObserver>,
    _closure: Closure<dyn FnMut(Array)>,
}

impl Watch {
    /// Watches the size of `element` and the theme, which is a class of the page's root.
    pub(crate) fn new(element: &Element, changed: impl Fn() + 'static) -> Self {
        let closure = Closure::<dyn FnMut(Array)>::new(move |_| changed());
        let function = closure.as_ref().unchecked_ref();
        let size = ResizeObserver::new(function).ok();
        if let Some(size) = &size {
            size.observe(element);
        }
        let theme = MutationObserver::new(function).ok();
        let page = web_sys::window().and_then(|window| window.document()?.document_element());
        if let (Some(theme), Some(page)) = (&theme, page) {
            let options = MutationObserverInit::new();
            options.set_attributes(true);
            options.set_attribute_filter(&Array::of1(&"class".into()));
            // Fails only for options that watch nothing.
            let _ = theme.observe_with_options(&page, &options);
        }
        Self {
            size,
            theme,
            _closure: closure,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(size) = &self.size {
            size.disconnect();
        }
        if let Some(theme) = &self.theme {
            theme.disconnect();
        }
    }
}

thread_local! {
    /// The root of the lab whose code is running. It outlives a failure, because a failure skips everything that would come after.
    static RUNNING: RefCell<Option<Element>> = const { RefCell::new(None) };
    /// Failures are listened for once a page.
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// A lab's code is running, until this is dropped.
pub(crate) struct Running(());

/// From here on, a failure is this lab's.
pub(crate) fn enter(root: &Element) -> Running {
    RUNNING.with(|running| *running.borrow_mut() = Some(root.clone()));
    Running(())
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.with(|running| *running.borrow_mut() = None);
    }
}

/// Makes a failure visible in the card of the lab that failed, besides the console; its neighbours go on.
pub(crate) fn tell_failures() {
    if LISTENING.with(|listening| listening.replace(true)) {
        return;
    }
    let tell = Closure::<dyn Fn()>::new(|| {
        if let Some(root) = RUNNING.with(|running| running.borrow_mut().take()) {
            tell_failure(&root);
        }
    });
    if let Some(window) = web_sys::window() {
        // Without the listener a failure is told in the console alone.
        let _ = window.add_event_listener_with_callback("error", tell.as_ref().unchecked_ref());
    }
    // It listens for as long as the page lives.
    tell.forget();
}

fn tell_failure(root: &Element) {
    let document = web_sys::window().and_then(|window| window.document());
    let Some(notice) = document.and_then(|document| document.create_element("p").ok()) else {
        return;
    };
    notice.set_class_name("hd-stopped");
    notice.set_text_content(Some(
        "This lab stopped: its program failed, and the browser's console says where. Reload the page to start it again.",
    ));
    // The console has the message already.
    let _ = notice.set_attribute("role", "alert");
    let _ = root
        .parent_node()
        .and_then(|parent| parent.append_child(&notice).ok());
}
