//! Two small ways into the document.

use wasm_bindgen::JsCast;
use web_sys::Element;

/// Calls `visit` with each element below `root` that a selector finds.
pub(super) fn each(root: &Element, selector: &str, mut visit: impl FnMut(Element)) {
    let Ok(found) = root.query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.get(index).and_then(|node| node.dyn_into().ok()) {
            visit(element);
        }
    }
}

/// Sets or removes an attribute without a value.
pub(super) fn flag(element: &Element, name: &str, on: bool) {
    let _ = if on { element.set_attribute(name, "") } else { element.remove_attribute(name) };
}
