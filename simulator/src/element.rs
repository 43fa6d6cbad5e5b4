//! Elements of the page, built by calls.
//!
//! Yew's `html!` writes out the building of every element in place, and every closure brings its own copy of the code around it.
//! The shell has some hundred elements; by calls they take a third of what every reader would have to download.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget};
use yew::virtual_dom::{Listener, ListenerKind, VList, VNode, VTag};
use yew::{AttrValue, Callback, Html, NodeRef};

use crate::world::Command;

/// An element under construction, in a box: a call hands on a pointer, where the element itself would be copied in and out.
pub(crate) struct Element(Box<VTag>);

/// An element with a class; an empty class is left out.
pub(crate) fn el(tag: &'static str, class: &'static str) -> Element {
    let element = Element(Box::new(VTag::new(tag)));
    if class.is_empty() {
        element
    } else {
        element.attr("class", class)
    }
}

/// Elements one after the other, without a box around them.
pub(crate) fn all(elements: impl IntoIterator<Item = Element>) -> Html {
    let mut list = VList::new();
    for element in elements {
        list.add_child(element.into());
    }
    VNode::from(list)
}

impl Element {
    /// Sets an attribute.
    pub(crate) fn attr(self, name: &'static str, value: impl Into<AttrValue>) -> Self {
        self.set(name, value.into())
    }

    /// Sets an attribute that is there or not.
    pub(crate) fn flag(self, name: &'static str, there: bool) -> Self {
        if there {
            self.set(name, AttrValue::Static(""))
        } else {
            self
        }
    }

    fn set(mut self, name: &'static str, value: AttrValue) -> Self {
        self.0.add_attribute(name, value);
        self
    }

    /// Sets a property that follows the shell even after the reader has changed it.
    pub(crate) fn property(mut self, name: &'static str, value: bool) -> Self {
        self.0.add_property(name, value);
        self
    }

    /// Sets the value of an input.
    pub(crate) fn value(mut self, value: String) -> Self {
        self.0.set_value(Some(AttrValue::from(value)));
        self
    }

    /// Ticks a switch or not.
    pub(crate) fn checked(mut self, checked: bool) -> Self {
        self.0.set_checked(checked);
        self
    }

    /// Appends words.
    pub(crate) fn text(self, words: impl Into<AttrValue>) -> Self {
        self.append(VNode::from(yew::virtual_dom::VText::new(words.into())))
    }

    /// Appends an element.
    pub(crate) fn with(self, child: Self) -> Self {
        self.append(child.into())
    }

    /// Appends elements.
    pub(crate) fn each(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        for child in children {
            self.0.add_child(child.into());
        }
        self
    }

    /// Appends what has been put together elsewhere.
    pub(crate) fn append(mut self, child: Html) -> Self {
        self.0.add_child(child);
        self
    }

    /// Makes the element known, once it stands in the page.
    pub(crate) fn known(mut self, node: &NodeRef) -> Self {
        self.0.node_ref = node.clone();
        self
    }

    /// Becomes another element when the key changes, whatever has happened to it in the page.
    pub(crate) fn keyed(mut self, key: &'static str) -> Self {
        self.0.key = Some(key.into());
        self
    }

    /// Carries out a command when it is clicked.
    pub(crate) fn click(self, on: &Callback<Command>, command: Command) -> Self {
        let on = on.clone();
        self.on(|| ListenerKind::onclick, Rc::new(move |_| on.emit(command)))
    }

    /// Calls back on an event.
    pub(crate) fn on(mut self, kind: fn() -> ListenerKind, then: Rc<dyn Fn(Event)>) -> Self {
        self.0.add_listener(Rc::new(On { kind, then }));
        self
    }
}

impl From<Element> for Html {
    fn from(element: Element) -> Self {
        Self::from(*element.0)
    }
}

/// The element an event happened to, as the kind of element it is known to be.
pub(crate) fn target<T: JsCast>(event: &Event) -> Option<T> {
    event
        .target()
        .and_then(|target: EventTarget| target.dyn_into().ok())
}

struct On {
    /// Makes the kind each time: a copy of one takes a branch for each of a hundred kinds.
    kind: fn() -> ListenerKind,
    then: Rc<dyn Fn(Event)>,
}

impl Listener for On {
    fn kind(&self) -> ListenerKind {
        (self.kind)()
    }

    fn handle(&self, event: Event) {
        (self.then)(event);
    }

    fn passive(&self) -> bool {
        false
    }
}
