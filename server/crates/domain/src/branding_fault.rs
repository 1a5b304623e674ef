//! What is wrong with a branding, a UI customization, or their pictures and style sheets.

use protocol::idp::{AssetCategoryType, AssetExtensionType};

use crate::ClientId;

/// Why CreateManagedLoginBranding, UpdateManagedLoginBranding or SetUICustomization is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrandingFault {
    /// No such managed login branding.
    NotFound,
    /// The client has no managed login branding.
    NotFoundForClient {
        /// The client.
        client: ClientId,
    },
    /// The client has a managed login branding already.
    Exists {
        /// The client.
        client: ClientId,
    },
    /// More managed login brandings than a pool can have.
    TooMany {
        /// How many it can have.
        most: i64,
    },
    /// Neither settings nor the service's own values, or both.
    SettingsOrProvided,
    /// Settings that are no JSON object.
    SettingsNotObject,
    /// Settings with a member that the published schema does not have.
    SettingsUnknown {
        /// Its name, after those of the objects it is in.
        path: String,
    },
    /// A managed login branding's request is too large.
    RequestTooLarge {
        /// The largest, in bytes.
        most: usize,
    },
    /// More pictures than a branding can have.
    TooManyAssets {
        /// How many it can have.
        most: usize,
    },
    /// A new picture without bytes.
    AssetWithoutBytes {
        /// Where it would be shown.
        category: AssetCategoryType,
    },
    /// A kind of picture that cannot be shown there.
    AssetKind {
        /// Where it would be shown.
        category: AssetCategoryType,
        /// What it is.
        extension: AssetExtensionType,
        /// What it can be.
        allowed: &'static [AssetExtensionType],
    },
    /// The bytes are no picture of that kind.
    NotPicture {
        /// What they were said to be.
        extension: AssetExtensionType,
    },
    /// The bytes are no drawing (SVG) that can be served.
    Svg(SvgFault),
    /// The classic pages' logo is too large.
    LogoTooLarge {
        /// The largest, in bytes.
        most: usize,
    },
    /// The classic pages' logo is neither PNG nor JPEG.
    LogoKind,
    /// A UI customization's request is too large.
    CustomizationTooLarge,
    /// The classic pages' style sheet cannot be read.
    Css(CssFault),
    /// It styles something that is no class of the pages.
    CssSelector {
        /// As written.
        selector: String,
    },
    /// It holds something that imports, runs or ends the sheet.
    CssForbidden {
        /// As written, in lower case.
        word: String,
    },
    /// A UI customization needs a domain of the pool's.
    DomainMissing,
}

/// Why a style sheet was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CssFault {
    /// `\`
    Escape,
    /// A comment or string without its end.
    Open,
    /// Braces that do not match.
    Brace,
    /// A rule within a rule.
    Nested,
    /// Something that is neither a rule nor a declaration.
    Malformed,
    /// A character that has no business here.
    Character(char),
}

/// Why a drawing cannot be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SvgFault {
    /// It is not UTF-8.
    NotUtf8,
    /// It declares entities.
    Entities,
    /// It is not well-formed XML.
    NotXml,
    /// Its root is not `svg`.
    Root,
    /// Elements within elements within elements.
    TooDeep,
}
