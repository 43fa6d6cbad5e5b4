//! The few things asked of the browser: time, storage, preferences, observers, and where to tell that a lab has failed.

use std::cell::RefCell;

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
    /// The root of the lab whose code is running: the one to blame if it fails.
    static RUNNING: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// From here on, a failure is this lab's.
pub(crate) fn enter(root: &Element) {
    RUNNING.with(|running| *running.borrow_mut() = Some(root.clone()));
}

/// Makes a failure visible in the card of the lab that failed, besides the console; its neighbours go on.
pub(crate) fn tell_failures() {
    yew::set_custom_panic_hook(Box::new(|failure| {
        let message = failure.to_string();
        web_sys::console::error_1(&message.as_str().into());
        let text = format!("This lab stopped: {message}. Reload the page to start it again.");
        let root = RUNNING.with(|running| running.try_borrow().ok()?.clone());
        let notice =
            web_sys::window().and_then(|window| window.document()?.create_element("p").ok());
        if let (Some(root), Some(notice)) = (root, notice) {
            notice.set_class_name("hd-stopped");
            notice.set_text_content(Some(&text));
            // The message is already in the console.
            let _ = notice.set_attribute("role", "alert");
            let _ = root
                .parent_node()
                .and_then(|parent| parent.append_child(&notice).ok());
        }
    }));
}
