//! The style sheet of a brand: custom properties of `:root`, for both modes or for one.

use std::collections::HashMap;
use std::fmt::Write as _;

use hosted_ui::Scheme;

use super::color::Color;
use super::document::{Document, Mode};
use super::palette::{Own, PARTS, Part, SIGHTS};
use super::{ContrastNote, modes};

/// A style sheet in the making. Properties and values are ours alone: text of the customer's does not come this far.
#[derive(Debug)]
pub(super) struct Sheet {
    scheme: Scheme,
    both: Vec<(&'static str, String)>,
    light: Vec<(&'static str, String)>,
    dark: Vec<(&'static str, String)>,
}

impl Sheet {
    pub(super) fn new(scheme: Scheme) -> Self {
        Self { scheme, both: Vec::new(), light: Vec::new(), dark: Vec::new() }
    }

    /// Sets a property in both modes.
    pub(super) fn set(&mut self, property: &'static str, value: &str) {
        self.both.push((property, value.to_owned()));
    }

    fn set_in(&mut self, mode: Mode, property: &'static str, value: String) {
        match mode {
            Mode::Light => self.light.push((property, value)),
            Mode::Dark => self.dark.push((property, value)),
        }
    }

    /// Sets a property to a picture, whose address is plain.
    pub(super) fn set_picture(&mut self, mode: Mode, property: &'static str, href: &str) {
        self.set_in(mode, property, format!("url(\"{href}\")"));
    }

    /// Whether a property is set in any mode.
    pub(super) fn has(&self, property: &str) -> bool {
        [&self.both, &self.light, &self.dark].into_iter().flatten().any(|(known, _)| *known == property)
    }

    pub(super) fn finish(self) -> String {
        let Self { scheme, mut both, mut light, mut dark } = self;
        match scheme {
            Scheme::Light => both.append(&mut light),
            Scheme::Dark => both.append(&mut dark),
            Scheme::System => {
                both.extend(light.extract_if(.., |entry| dark.contains(entry)));
                dark.retain(|entry| !both.contains(entry));
            }
        }
        let mut text = String::new();
        let mut rule = |before: &str, entries: &[(&str, String)], after: &str| {
            if entries.is_empty() {
                return;
            }
            let _ = write!(text, "{before}:root{{");
            for (property, value) in entries {
                let _ = write!(text, "{property}:{value};");
            }
            let _ = writeln!(text, "}}{after}");
        };
        rule("", &both, "");
        if scheme == Scheme::System {
            rule("@media (prefers-color-scheme:light){", &light, "}");
            rule("@media (prefers-color-scheme:dark){", &dark, "}");
        }
        text
    }
}

/// What became of a brand's colours.
pub(super) struct Colors {
    seen: [(Mode, HashMap<&'static str, Color>); 2],
    pub(super) notes: Vec<ContrastNote>,
}

impl Colors {
    /// A part as it is seen in a mode, opaque, `#rrggbb`.
    pub(super) fn opaque(&self, mode: Mode, property: &str) -> String {
        let colors = self.seen.iter().find(|(known, _)| *known == mode).map(|(_, colors)| colors);
        let color = |property: &str| colors.and_then(|colors| colors.get(property)).copied().unwrap_or(WHITE);
        color(property).over(color("--page").over(WHITE)).to_string()
    }
}

const WHITE: Color = Color::opaque(0xff_ff_ff);

/// Whether the document gives a colour to one of these parts in a mode that is seen.
pub(super) fn gives(document: Document<'_>, scheme: Scheme, properties: &[&str]) -> bool {
    let parts = PARTS.iter().filter(|part| properties.contains(&part.property));
    parts
        .filter_map(|part| part.member)
        .any(|member| modes(scheme).iter().any(|mode| document.color(*mode, member).is_some()))
}

/// Writes the colours that the document gives, and those that it leaves open and that would be hard to read beside
/// them. Those it gives are never changed: they are noted.
pub(super) fn write_colors(document: Document<'_>, scheme: Scheme, sheet: &mut Sheet) -> Colors {
    let mut notes = Vec::new();
    let seen = [Mode::Light, Mode::Dark].map(|mode| {
        let is_seen = modes(scheme).contains(&mode);
        let given = |part: &Part| part.member.and_then(|member| document.color(mode, member)).filter(|_| is_seen);
        let mut mended: HashMap<&'static str, Color> = HashMap::new();
        let mut colors = settle(mode, given, &mended);
        if PARTS.iter().any(|part| given(part).is_some()) {
            for (property, grounds, least) in SIGHTS {
                let Some(part) = PARTS.iter().find(|part| part.property == *property) else { continue };
                let color = |property: &str| colors.get(property).copied().unwrap_or(WHITE);
                let ground = grounds.iter().rev().fold(WHITE, |below, ground| color(ground).over(below));
                let shown = color(property);
                let ratio = shown.over(ground).contrast(ground);
                if ratio >= *least {
                    continue;
                }
                let passes = shown.nearest_on(ground, *least);
                match (given(part), part.member) {
                    (Some(_), Some(member)) => notes.push(ContrastNote {
                        member: mode.of(member),
                        given: shown.to_string(),
                        ground: ground.to_string(),
                        ratio,
                        least: *least,
                        passes: passes.to_string(),
                    }),
                    _ => {
                        mended.insert(part.property, passes);
                        colors = settle(mode, given, &mended);
                    }
                }
            }
        }
        for part in PARTS {
            if let Some(color) = given(part).or_else(|| mended.get(part.property).copied()) {
                sheet.set_in(mode, part.property, color.to_string());
            }
        }
        (mode, colors)
    });
    Colors { seen, notes }
}

/// Every part's colour: given, mended, or its own.
fn settle(
    mode: Mode,
    given: impl Fn(&Part) -> Option<Color>,
    mended: &HashMap<&'static str, Color>,
) -> HashMap<&'static str, Color> {
    let mut colors: HashMap<&'static str, Color> = HashMap::new();
    for part in PARTS {
        let like = |property: &str| colors.get(property).copied().unwrap_or(WHITE);
        let own = || match (part.own, mode) {
            (Own::Color(light, _), Mode::Light) => light,
            (Own::Color(_, dark), Mode::Dark) => dark,
            (Own::Like(other), _) => like(other),
            (Own::Veil(top, ground), _) => like(top).veil().over(like(ground)),
        };
        let color = given(part).or_else(|| mended.get(part.property).copied()).unwrap_or_else(own);
        colors.insert(part.property, color);
    }
    colors
}
