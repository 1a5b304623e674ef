//! Islands: the only code that hydrates. Each is a shell around markup that the server wrote.
//!
//! An island has no props: serialized ones would bring a JSON parser into the browser (12 kB). What the server
//! knows it hands over in the reactive context (`given`), and what the browser must know stands in `data-`
//! attributes. Hydration takes texts and attributes as it finds them, so the browser's half of an island knows no
//! words and no names: there, `given` is empty. A `data-` attribute it does set anew, so those are `Option`s: nothing
//! leaves alone what is there.
//!
//! No view in here may put two texts side by side or hold an `Option` or a list: [`crate::render`] drops the comment
//! nodes that Leptos would need to tell those apart.

use leptos::prelude::RwSignal;

mod code;
mod form;
mod password;
mod resend;

#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod proof;

pub use code::*;
pub use form::*;
pub use password::*;
pub use resend::*;

/// What the server handed to an island; in the browser, nothing.
#[cfg(feature = "ssr")]
fn given<T: Clone + Default + 'static>() -> T {
    leptos::prelude::use_context().unwrap_or_default()
}

/// What the server handed to an island; in the browser, nothing.
#[cfg(not(feature = "ssr"))]
fn given<T: Default>() -> T {
    T::default()
}

/// An attribute that comes and goes. All reactive attributes are of this one type, and all reactive texts are
/// `RwSignal<String>`: each type more would be compiled again, for about a kilobyte.
type Flag = RwSignal<Option<&'static str>>;

/// Readies the islands of a page, before the first one hydrates. Called by `island.js`.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
