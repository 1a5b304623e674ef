//! The classic customization: CSS of a few classes and a logo, put onto the selectors of our pages.
//!
//! Whoever stores the CSS has held it against Cognito's list of classes and properties. Here it is read again, rule by
//! rule: only known classes, known properties and values made of plain tokens are written out.

use std::fmt::Write as _;

use hosted_ui::{Image, Logo, Look, Place, Scheme};

use super::color::Color;
use super::palette::TEXT;
use super::pictures::{is_plain, measure};
use super::{ContrastNote, Theme};
use crate::ClassicLogo;

/// A class (without `-customizable`), and what it means on our pages.
const CLASSES: &[(&str, &str)] = &[
    ("logo", ".card .logo,.brand .logo"),
    ("banner", ".brand"),
    ("label", "label,legend"),
    ("textDescription", ".lead"),
    ("idpDescription", ".or"),
    ("legalText", ".promise,.foot"),
    ("submitButton", ".primary"),
    ("submitButton:hover", ".primary:hover"),
    ("errorMessage", ".alert"),
    ("inputField", ".input"),
    ("inputField:focus", ".input:focus-within"),
    ("idpButton", ".provider:not(.social)"),
    ("idpButton:hover", ".provider:not(.social):hover"),
    ("socialButton", ".social"),
    ("redirect", ".on"),
    ("passwordCheck-notValid", ".rules li:not([data-met])"),
    ("passwordCheck-valid", ".rules [data-met]"),
];

/// The longest value that is read, in bytes.
const LONGEST: usize = 100;

/// What pages wear of a UI customization, its logo served below `base`. It knows no dark mode, so the pages have none
/// either.
pub fn classic_theme(name: &str, css: &str, logo: Option<&ClassicLogo>, base: &str) -> Theme {
    let mut style = String::new();
    let mut notes = Vec::new();
    for (class, declarations) in rules(css) {
        if class == "background" {
            // The card, and a phone's whole page.
            if let Some((_, color)) = declarations.iter().find(|(property, _)| *property == "background-color") {
                let _ = writeln!(style, ":root{{--card:{color};}}");
            }
            continue;
        }
        let Some((_, selector)) = CLASSES.iter().find(|(known, _)| *known == class) else { continue };
        let lines: Vec<String> = declarations.iter().filter_map(|(name, value)| declare(name, value)).collect();
        if !lines.is_empty() {
            let _ = writeln!(style, "{selector}{{{}}}", lines.concat());
        }
        notes.extend(contrast_note(class, &declarations));
    }
    let logo = logo.map(|logo| (logo, logo.href(base))).filter(|(_, href)| is_plain(href)).map(|(logo, href)| Logo {
        image: Image { size: measure(Some(logo.size)), src: href },
        dark: None,
        only: Scheme::System,
        spells_name: true,
    });
    let look = Look {
        logo_at: logo.as_ref().map_or(Place::Start, |_| Place::Center),
        logo,
        scheme: Scheme::Light,
        ..Look::plain(name)
    };
    Theme { look, style, notes }
}

/// The rules of the classes: a class, and its properties with values of plain tokens.
fn rules(css: &str) -> Vec<(&str, Vec<(&str, String)>)> {
    css.split('}')
        .take(200)
        .filter_map(|rule| {
            let (selector, body) = rule.split_once('{')?;
            let (class, state) = selector.trim().strip_prefix('.')?.split_once("-customizable")?;
            let class = match state.trim() {
                "" => class,
                ":hover" | ":focus" => CLASSES
                    .iter()
                    .map(|(known, _)| *known)
                    .find(|known| known.strip_suffix(state.trim()).is_some_and(|stem| stem == class))?,
                _ => return None,
            };
            let declarations = body.split(';').take(40).filter_map(|line| {
                let (property, value) = line.split_once(':')?;
                Some((property.trim(), read_value(value)?))
            });
            Some((class, declarations.collect()))
        })
        .collect()
}

/// A value of plain tokens: words, numbers, colours and nothing that could end it, load something or compute.
fn read_value(text: &str) -> Option<String> {
    let value = text.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" #.,%()-".contains(&byte);
    if value.is_empty() || value.len() > LONGEST || !value.bytes().all(is_plain) {
        return None;
    }
    // What stands before a bracket is a function: of these, colours alone.
    let mut pieces: Vec<&str> = value.split('(').collect();
    pieces.pop();
    let all_colors = pieces.iter().all(|before| {
        let name = before.rsplit([' ', ',', ')']).next().unwrap_or_default();
        matches!(name, "rgb" | "rgba" | "hsl" | "hsla")
    });
    let is_closed = value.matches(')').count() == pieces.len();
    (all_colors && is_closed).then_some(value)
}

/// A declaration for our pages; none for what would make them unusable.
fn declare(property: &str, value: &str) -> Option<String> {
    let is_length = || {
        let digits = value.trim_end_matches("px").trim_end_matches("rem").trim_end_matches("em");
        digits != value && digits.parse::<f32>().is_ok_and(|number| number >= 0.0)
    };
    let side = || match value {
        "left" => "start",
        "right" => "end",
        other => other,
    };
    let line = match property {
        // Large enough for a finger, and never smaller than its text.
        "height" => format!("min-block-size:max(44px,{});", Some(value).filter(|_| is_length())?),
        "width" => format!("inline-size:{value};max-inline-size:100%;"),
        "max-width" => format!("max-inline-size:min(100%,{value});"),
        // A share of an unknown height is no height.
        "max-height" => format!("max-block-size:{};", Some(value).filter(|_| is_length())?),
        "margin-bottom" => format!("margin-block-end:{value};"),
        "padding-top" => format!("padding-block-start:{value};"),
        "padding-bottom" => format!("padding-block-end:{value};"),
        "text-align" => format!("text-align:{0};justify-content:{0};", side()),
        "display" if matches!(value, "block" | "inline") => format!("display:{value};"),
        "color" | "background" | "background-color" | "border" | "border-color" | "border-radius" | "font-size"
        | "font-weight" | "margin" | "padding" => format!("{property}:{value};"),
        // An outline is the focus: it stays. Boxes are sized as ours are.
        _ => return None,
    };
    Some(line)
}

/// Whether a class that gives both text and ground can be read.
fn contrast_note(class: &str, declarations: &[(&str, String)]) -> Option<ContrastNote> {
    let color = |names: &[&str]| {
        declarations.iter().find(|(property, _)| names.contains(property)).and_then(|(_, value)| read_color(value))
    };
    let (text, ground) = (color(&["color"])?, color(&["background-color", "background"])?);
    let ratio = text.contrast(ground);
    (ratio < TEXT).then(|| ContrastNote {
        member: match class.split_once(':') {
            Some((stem, state)) => format!(".{stem}-customizable:{state} color"),
            None => format!(".{class}-customizable color"),
        },
        given: text.to_string(),
        ground: ground.to_string(),
        ratio,
        least: TEXT,
        passes: text.nearest_on(ground, TEXT).to_string(),
    })
}

fn read_color(value: &str) -> Option<Color> {
    let digits = match value {
        "white" => "ffffff".to_owned(),
        "black" => "000000".to_owned(),
        value => value.strip_prefix('#')?.to_owned(),
    };
    match digits.len() {
        3 => Color::read(&(digits.chars().flat_map(|digit| [digit, digit]).collect::<String>() + "ff")),
        6 => Color::read(&(digits + "ff")),
        _ => None,
    }
}
