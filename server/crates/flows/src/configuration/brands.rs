//! Which brand is in force.

use branding::{Brand, BrandAsset, UiCustomization, media_type};
use domain::{ClientId, Error, Pool, PoolId, Result};
use protocol::idp::{AssetCategoryType, AssetExtensionType, ColorSchemeModeType};
use store::{BrandKind, BrandVersion, Reader};

use crate::{ClientContext, Latchkey};

/// Which pages a host shows, and so which kind of brand they wear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pages {
    /// The main host: a branding where there is one, else a customization.
    Any,
    /// A domain with `ManagedLoginVersion` 2: a branding or nothing.
    Managed,
    /// A domain with `ManagedLoginVersion` 1: a customization or nothing.
    Classic,
}

/// A brand's name and picture, as mails show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailBrand {
    /// The client's name, else the pool's.
    pub name: String,
    /// The brand's logo, where it has one that mail programs show.
    pub logo: Option<MailLogo>,
}

/// A logo for mails: PNG or JPEG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailLogo {
    /// `image/png` or `image/jpeg`
    pub media_type: &'static str,
    /// The picture.
    pub bytes: Vec<u8>,
    /// Width and height in pixels, where the picture tells.
    pub size: Option<(u32, u32)>,
}

/// A client's branding stands before its customization, that before the one for all clients.
fn choose(marks: Vec<BrandVersion>, pages: Pages) -> Option<BrandVersion> {
    let shown = |mark: &BrandVersion| match pages {
        Pages::Any => true,
        Pages::Managed => mark.kind == BrandKind::Managed,
        Pages::Classic => mark.kind == BrandKind::Classic,
    };
    let rank = |mark: &BrandVersion| match (mark.kind, &mark.client) {
        (BrandKind::Managed, _) => 0,
        (BrandKind::Classic, Some(_)) => 1,
        (BrandKind::Classic, None) => 2,
    };
    marks.into_iter().filter(shown).min_by_key(rank)
}

fn read(r: &mut Reader, pool: &PoolId, mark: &BrandVersion) -> Result<Option<(String, Brand)>> {
    Ok(match mark.kind {
        BrandKind::Managed => r.brand(mark.kind, pool, &mark.id)?.map(|(mark, one)| (mark, Brand::Managed(one))),
        BrandKind::Classic => r.brand(mark.kind, pool, &mark.id)?.map(|(mark, one)| (mark, Brand::Classic(one))),
    })
}

impl Latchkey {
    /// Which brand a client's pages wear, by its mark; None for our own plain look. One small read: whoever keeps what
    /// is derived from a brand under its mark need not read the brand again.
    ///
    /// # Errors
    /// The store's.
    pub async fn brand_in_force(&self, app: &ClientContext, pages: Pages) -> Result<Option<BrandVersion>> {
        let (pool, client) = (app.pool.id.clone(), app.client.id.clone());
        self.store.read(move |r| Ok(choose(r.brand_versions(&pool, &client)?, pages))).await
    }

    /// A brand of a pool's, with the mark it has by now; None where it is gone meanwhile.
    ///
    /// # Errors
    /// The store's.
    pub async fn brand(&self, pool: &PoolId, mark: BrandVersion) -> Result<Option<(String, Brand)>> {
        let pool = pool.clone();
        self.store.read(move |r| read(r, &pool, &mark)).await
    }

    /// The name and logo of a client's mails, or of a pool's where no client is known.
    ///
    /// # Errors
    /// The store's.
    pub async fn mail_brand(&self, pool: &Pool, client: Option<&ClientId>) -> Result<MailBrand> {
        let (latchkey, pool_id, client) = (self.clone(), pool.id.clone(), client.cloned());
        let pool_name = pool.settings.name.clone().unwrap_or_default();
        self.store
            .read(move |r| -> Result<MailBrand> {
                let named = match &client {
                    Some(id) => latchkey.read_app(r, id)?.and_then(|app| app.client.settings.client_name.clone()),
                    None => None,
                };
                let id = client.unwrap_or_else(|| ClientId::new(UiCustomization::ALL));
                let brand = match choose(r.brand_versions(&pool_id, &id)?, Pages::Any) {
                    Some(mark) => read(r, &pool_id, &mark)?,
                    None => None,
                };
                let logo = match brand.and_then(|(_, brand)| logo_of(&brand)) {
                    Some((hash, extension, size)) => r.asset(Some(&pool_id), &hash)?.map(|asset| MailLogo {
                        media_type: media_type(extension),
                        bytes: asset.served.unwrap_or(asset.sent),
                        size,
                    }),
                    None => None,
                };
                Ok(MailBrand { name: named.unwrap_or(pool_name), logo })
            })
            .await
    }
}

type Logo = (String, AssetExtensionType, Option<(u32, u32)>);

/// The picture that stands for a brand in a mail: mails have a light ground, and no drawings.
fn logo_of(brand: &Brand) -> Option<Logo> {
    let branding = match brand {
        Brand::Classic(customization) => {
            return customization.logo.as_ref().map(|logo| (logo.hash.clone(), logo.extension, Some(logo.size)));
        }
        Brand::Managed(branding) => branding,
    };
    let rank = |asset: &&BrandAsset| {
        let place = match asset.category {
            AssetCategoryType::FormLogo => 0,
            AssetCategoryType::PageHeaderLogo => 1,
            _ => return None,
        };
        let mode = match asset.color_mode {
            ColorSchemeModeType::Light | ColorSchemeModeType::Dynamic => 0,
            ColorSchemeModeType::Dark => 1,
        };
        matches!(asset.extension, AssetExtensionType::Png | AssetExtensionType::Jpeg).then_some((mode, place))
    };
    let ranked = branding.assets.iter().filter_map(|asset| Some((rank(&asset)?, asset)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, asset)| (asset.hash.clone(), asset.extension, asset.size))
}

impl Latchkey {
    /// The bytes of the picture under an address `{hash}.{form}`, of a given pool or of any.
    ///
    /// # Errors
    /// The store's.
    pub async fn served_picture(&self, pool: Option<PoolId>, hash: &str, form: &str) -> Result<Option<Vec<u8>>> {
        let hash = hash.to_owned();
        let found = self.store.read(move |r| r.asset(pool.as_ref(), &hash).map_err(Error::from)).await?;
        Ok(found.filter(|asset| asset.form == form).map(|asset| asset.served.unwrap_or(asset.sent)))
    }
}
