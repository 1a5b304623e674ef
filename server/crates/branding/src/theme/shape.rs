//! What of a brand is neither colour nor picture: corners, spacing, where the form stands.

use super::document::Document;
use super::sheet::Sheet;
use super::{DENSITY, FORM_BLOCK, FORM_INLINE};

/// A corner's radius.
pub(super) struct Corner {
    pub(super) member: &'static str,
    pub(super) property: &'static str,
    /// Pixels. Past this, what is in the box would stand in its corners.
    most: u16,
}

pub(super) const CORNERS: &[Corner] = &[
    Corner { member: "componentClasses.buttons.borderRadius", property: "--button-radius", most: 999 },
    Corner { member: "componentClasses.input.borderRadius", property: "--input-radius", most: 24 },
    Corner { member: "components.form.borderRadius", property: "--card-radius", most: 48 },
    Corner { member: "components.alert.borderRadius", property: "--alert-radius", most: 24 },
];

/// Where between head and foot the form stands: then with equal room above and below.
const BLOCK: &str = "--form-block";

pub(super) fn write(document: Document<'_>, sheet: &mut Sheet) {
    for corner in CORNERS {
        if let Some(pixels) = document.pixels(corner.member, corner.most) {
            sheet.set(corner.property, &format!("{pixels}px"));
        }
    }
    // REGULAR is how the pages are anyway.
    match document.word(DENSITY) {
        Some("COMPACT") => sheet.set("--room", "0.75"),
        Some("COMFORTABLE" | "SPACIOUS") => sheet.set("--room", "1.25"),
        _ => {}
    }
    for (member, property) in [(FORM_INLINE, "--form-inline"), (FORM_BLOCK, BLOCK)] {
        if let Some(place) = document.place(member) {
            sheet.set(property, place.as_str());
            if property == BLOCK {
                sheet.set("--above", "32px");
            }
        }
    }
}
