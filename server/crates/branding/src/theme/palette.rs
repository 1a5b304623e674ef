//! The parts of a page that have a colour: the custom property of each, what it is without a brand, and the member of
//! the settings document that sets it.

use std::fmt;

use super::color::Color;

/// A part of a page that has a colour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// The custom property at the top of `style.css`.
    pub(crate) property: &'static str,
    /// The member that sets it, `MODE` standing for `lightMode` or `darkMode`. None where the document knows no
    /// such part.
    pub(crate) member: Option<&'static str>,
    /// What it is where no brand sets it.
    pub(crate) own: Own,
}

/// What a part is where no brand sets it; `style.css` says the same.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Own {
    /// In light and in dark mode.
    Color(Color, Color),
    /// Like another part.
    Like(&'static str),
    /// A little of one part (a twentieth) over another.
    Veil(&'static str, &'static str),
}

/// As `style.css` writes it.
impl fmt::Display for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Color(light, dark) => write!(f, "light-dark({light}, {dark})"),
            Self::Like(other) => write!(f, "var({other})"),
            Self::Veil(top, ground) => write!(f, "color-mix(in srgb, var({top}) 5%, var({ground}))"),
        }
    }
}

const fn set(property: &'static str, member: &'static str, own: Own) -> Part {
    Part { property, member: Some(member), own }
}

const fn free(property: &'static str, own: Own) -> Part {
    Part { property, member: None, own }
}

const fn pair(light: u32, dark: u32) -> Own {
    Own::Color(Color::opaque(light), Color::opaque(dark))
}

use Own::{Like, Veil};

/// Every part. One that is like another stands after it.
pub(crate) const PARTS: &[Part] = &[
    set("--page", "components.pageBackground.MODE.color", pair(0xf3_f3_f0, 0x0e_10_14)),
    set("--card", "components.form.MODE.backgroundColor", pair(0xff_ff_ff, 0x17_1a_20)),
    set(
        "--card-edge",
        "components.form.MODE.borderColor",
        Own::Color(Color::clear(0x14_18_28_12), Color::clear(0xff_ff_ff_14)),
    ),
    set("--ink", "components.pageText.MODE.bodyColor", pair(0x15_17_1c, 0xf2_f3_f5)),
    set("--soft", "components.pageText.MODE.descriptionColor", pair(0x4b_50_5b, 0xb3_b9_c4)),
    set("--heading", "components.pageText.MODE.headingColor", Like("--ink")),
    set("--label", "componentClasses.inputLabel.MODE.textColor", Like("--ink")),
    set("--hint", "componentClasses.inputDescription.MODE.textColor", Like("--soft")),
    free("--name-ink", Like("--ink")),
    free("--foot-ink", Like("--soft")),
    free("--raised", Veil("--ink", "--card")),
    set("--line", "componentClasses.divider.MODE.borderColor", pair(0xdc_dc_d6, 0x2b_30_3a)),
    set("--link", "componentClasses.link.MODE.defaults.textColor", pair(0x2a_3f_b8, 0xb3_c0_ff)),
    set("--link-hover", "componentClasses.link.MODE.hover.textColor", Like("--link")),
    set("--input", "componentClasses.input.MODE.defaults.backgroundColor", Like("--card")),
    set("--edge", "componentClasses.input.MODE.defaults.borderColor", pair(0x7e_82_8c, 0x76_7d_8b)),
    free("--input-ink", Like("--ink")),
    set("--accent", "components.primaryButton.MODE.defaults.backgroundColor", pair(0x2f_46_c8, 0xaa_b8_ff)),
    set("--on-accent", "components.primaryButton.MODE.defaults.textColor", pair(0xff_ff_ff, 0x10_14_2c)),
    set("--accent-hover", "components.primaryButton.MODE.hover.backgroundColor", pair(0x23_37_a6, 0xc3_cd_ff)),
    set("--on-accent-hover", "components.primaryButton.MODE.hover.textColor", Like("--on-accent")),
    set("--accent-active", "components.primaryButton.MODE.active.backgroundColor", Like("--accent-hover")),
    set("--on-accent-active", "components.primaryButton.MODE.active.textColor", Like("--on-accent-hover")),
    set("--focus", "componentClasses.focusState.MODE.borderColor", Like("--accent")),
    set("--second", "components.secondaryButton.MODE.defaults.backgroundColor", Like("--card")),
    set("--second-edge", "components.secondaryButton.MODE.defaults.borderColor", Like("--edge")),
    set("--second-ink", "components.secondaryButton.MODE.defaults.textColor", Like("--ink")),
    set("--second-hover", "components.secondaryButton.MODE.hover.backgroundColor", Veil("--second-ink", "--second")),
    set("--second-hover-edge", "components.secondaryButton.MODE.hover.borderColor", Like("--second-ink")),
    set("--second-hover-ink", "components.secondaryButton.MODE.hover.textColor", Like("--second-ink")),
    set("--second-active", "components.secondaryButton.MODE.active.backgroundColor", Like("--second-hover")),
    set("--second-active-edge", "components.secondaryButton.MODE.active.borderColor", Like("--second-hover-edge")),
    set("--second-active-ink", "components.secondaryButton.MODE.active.textColor", Like("--second-hover-ink")),
    set("--idp", "components.idpButton.standard.MODE.defaults.backgroundColor", Like("--second")),
    set("--idp-edge", "components.idpButton.standard.MODE.defaults.borderColor", Like("--second-edge")),
    set("--idp-ink", "components.idpButton.standard.MODE.defaults.textColor", Like("--second-ink")),
    set("--idp-hover", "components.idpButton.standard.MODE.hover.backgroundColor", Veil("--idp-ink", "--idp")),
    set("--idp-hover-edge", "components.idpButton.standard.MODE.hover.borderColor", Like("--idp-ink")),
    set("--idp-hover-ink", "components.idpButton.standard.MODE.hover.textColor", Like("--idp-ink")),
    set("--idp-active", "components.idpButton.standard.MODE.active.backgroundColor", Like("--idp-hover")),
    set("--idp-active-edge", "components.idpButton.standard.MODE.active.borderColor", Like("--idp-hover-edge")),
    set("--idp-active-ink", "components.idpButton.standard.MODE.active.textColor", Like("--idp-hover-ink")),
    set("--option", "componentClasses.optionControls.MODE.defaults.backgroundColor", Like("--input")),
    set("--option-edge", "componentClasses.optionControls.MODE.defaults.borderColor", Like("--edge")),
    set("--option-on", "componentClasses.optionControls.MODE.selected.backgroundColor", Like("--accent")),
    set("--option-dot", "componentClasses.optionControls.MODE.selected.foregroundColor", Like("--on-accent")),
    set("--bad", "componentClasses.statusIndicator.MODE.error.indicatorColor", pair(0xa3_16_1f, 0xff_aa_a6)),
    set("--bad-edge", "componentClasses.statusIndicator.MODE.error.borderColor", Like("--bad")),
    set("--bad-ground", "componentClasses.statusIndicator.MODE.error.backgroundColor", pair(0xfd_f1_f0, 0x2b_17_18)),
    set("--alert-edge", "components.alert.MODE.error.borderColor", Like("--bad-edge")),
    set("--alert-ground", "components.alert.MODE.error.backgroundColor", Like("--bad-ground")),
    free("--alert-ink", Like("--ink")),
    set("--good", "componentClasses.statusIndicator.MODE.success.indicatorColor", pair(0x0b_62_33, 0x8d_dc_ab)),
    set("--good-edge", "componentClasses.statusIndicator.MODE.success.borderColor", Like("--good")),
    set("--good-ground", "componentClasses.statusIndicator.MODE.success.backgroundColor", pair(0xee_f8_f1, 0x12_24_1a)),
    free("--good-ink", Like("--ink")),
    set("--warn", "componentClasses.statusIndicator.MODE.warning.indicatorColor", pair(0x7a_4b_00, 0xf0_c2_6e)),
    set("--warn-edge", "componentClasses.statusIndicator.MODE.warning.borderColor", Like("--warn")),
    set("--warn-ground", "componentClasses.statusIndicator.MODE.warning.backgroundColor", pair(0xff_f6_e5, 0x2a_20_10)),
    free("--warn-ink", Like("--ink")),
    set("--header", "components.pageHeader.MODE.background.color", Like("--card")),
    set("--header-edge", "components.pageHeader.MODE.borderColor", Like("--line")),
    free("--header-ink", Like("--ink")),
    set("--footer", "components.pageFooter.MODE.background.color", Like("--card")),
    set("--footer-edge", "components.pageFooter.MODE.borderColor", Like("--line")),
    free("--footer-ink", Like("--soft")),
];

/// What must be told apart: a part, the ground it stands on with the grounds below, and the least contrast (WCAG 2.2
/// §1.4.3 for text, §1.4.11 for the edges of controls). In this order repairs build on one another.
pub(crate) const SIGHTS: &[(&str, &[&str], f64)] = &[
    ("--ink", &["--card", "--page"], TEXT),
    ("--soft", &["--card", "--page"], TEXT),
    ("--heading", &["--card", "--page"], TEXT),
    ("--label", &["--card", "--page"], TEXT),
    ("--hint", &["--card", "--page"], TEXT),
    ("--link", &["--card", "--page"], TEXT),
    ("--link-hover", &["--card", "--page"], TEXT),
    ("--name-ink", &["--page"], TEXT),
    ("--foot-ink", &["--page"], TEXT),
    ("--input-ink", &["--input", "--card", "--page"], TEXT),
    ("--edge", &["--input", "--card", "--page"], EDGE),
    ("--on-accent", &["--accent", "--card", "--page"], TEXT),
    ("--on-accent-hover", &["--accent-hover", "--card", "--page"], TEXT),
    ("--on-accent-active", &["--accent-active", "--card", "--page"], TEXT),
    ("--focus", &["--card", "--page"], EDGE),
    ("--second-ink", &["--second", "--card", "--page"], TEXT),
    ("--second-hover-ink", &["--second-hover", "--second", "--card", "--page"], TEXT),
    ("--second-active-ink", &["--second-active", "--second", "--card", "--page"], TEXT),
    ("--idp-ink", &["--idp", "--card", "--page"], TEXT),
    ("--idp-hover-ink", &["--idp-hover", "--idp", "--card", "--page"], TEXT),
    ("--idp-active-ink", &["--idp-active", "--idp", "--card", "--page"], TEXT),
    ("--option-edge", &["--option", "--card", "--page"], EDGE),
    ("--option-dot", &["--option-on", "--card", "--page"], EDGE),
    ("--bad", &["--card", "--page"], TEXT),
    ("--good", &["--card", "--page"], TEXT),
    ("--alert-ink", &["--alert-ground", "--card", "--page"], TEXT),
    ("--good-ink", &["--good-ground", "--card", "--page"], TEXT),
    ("--warn-ink", &["--warn-ground", "--card", "--page"], TEXT),
    ("--header-ink", &["--header", "--page"], TEXT),
    ("--footer-ink", &["--footer", "--page"], TEXT),
];

/// For text.
pub(crate) const TEXT: f64 = 4.5;
/// For what marks a control or its state.
pub(crate) const EDGE: f64 = 3.0;
