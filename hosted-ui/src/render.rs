use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::look::{Frame, Look};
use crate::pages::{Page, draw};
use crate::parts::{RenderContext, document};
use crate::words::Language;

/// Renders a page: a complete HTML document, with no inline script, style or handler anywhere.
///
/// It is pure: the same values give the same bytes. Every text of the caller's is escaped; addresses are written as
/// they are given, so the caller vouches that they are no `javascript:`.
pub fn render(page: &Page, look: &Look, language: &Language, frame: &Frame) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        let context = RenderContext { look, language, frame, problems: page.problems() };
        let drawn = draw(context, page);
        document(context, &drawn.title, drawn.script, drawn.content).to_html()
    });
    owner.cleanup();
    // Leptos parts neighbouring texts and marks absent ones with empty comments. The islands are written so that
    // hydration needs none of them, and data cannot hold one: `<` is escaped everywhere.
    let html = html.replace("<!>", "").replace("<!--<() />-->", "");
    format!("<!doctype html>{html}")
}
