//! Making and changing brands: managed login branding, and UI customization of the classic pages.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use branding::{
    Brand, BrandingChange, ClassicLogo, ManagedLoginBranding, SentAsset, UiCustomization, check_branding_count,
    check_branding_size, check_classic_css, check_classic_logo, check_classic_size, check_picture, extension_of,
    new_branding, updated_branding,
};
use domain::{BrandingFault, ClientId, Error, PoolId, Reason, Result};
use protocol::Document;
use protocol::idp::{
    AssetType, CreateManagedLoginBrandingRequest, SetUICustomizationRequest, UpdateManagedLoginBrandingRequest,
};
use serde::de::IgnoredAny;
use store::{BrandKind, BrandVersion, StoredAsset, Tx};

use crate::{Ctx, Latchkey};

/// A branding with the pictures it names, as they were sent, by hash.
#[derive(Clone, Debug)]
pub struct WholeBranding {
    /// The branding.
    pub branding: ManagedLoginBranding,
    /// Its pictures' bytes.
    pub pictures: Vec<(String, Vec<u8>)>,
}

impl Latchkey {
    /// Gives a client a branding.
    ///
    /// # Errors
    /// As CreateManagedLoginBranding declares; [`Reason::FeatureNotInTier`].
    pub async fn create_branding(&self, ctx: &Ctx, input: CreateManagedLoginBrandingRequest) -> Result<WholeBranding> {
        let id = self.make_mark();
        let (pool_id, client_id) = (PoolId::from(input.user_pool_id), ClientId::from(input.client_id));
        let (change, pictures) =
            self.check_change(input.use_cognito_provided_values, input.settings, input.assets.unwrap_or_default())?;
        let (mark, now) = (self.make_mark(), ctx.now);
        let saved = self
            .store
            .write(move |tx| -> Result<WholeBranding> {
                tx.hold_brands(&pool_id)?;
                let pool = tx.pool(&pool_id)?.ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                check_client(tx, &pool_id, &client_id)?;
                let branding = new_branding(&pool, client_id.clone(), id, change, now)?;
                if tx.brand_for::<IgnoredAny>(BrandKind::Managed, &pool_id, Some(&client_id))?.is_some() {
                    return Err(BrandingFault::Exists { client: client_id }.into());
                }
                check_branding_count(tx.count_brands(BrandKind::Managed, &pool_id)?)?;
                put_pictures(tx, &pool_id, &pictures)?;
                let (id, client) = (branding.id.clone(), Some(client_id));
                tx.insert_brand(
                    &pool_id,
                    &BrandVersion { id, kind: BrandKind::Managed, client, version: mark },
                    &branding,
                )?;
                name_pictures(tx, branding)
            })
            .await?;
        warn_of_contrast(&saved.branding.pool, &Brand::Managed(saved.branding.clone()));
        Ok(saved)
    }

    /// Changes a branding.
    ///
    /// # Errors
    /// As UpdateManagedLoginBranding declares; [`Reason::FeatureNotInTier`].
    pub async fn update_branding(&self, ctx: &Ctx, input: UpdateManagedLoginBrandingRequest) -> Result<WholeBranding> {
        let (Some(pool_id), Some(id)) = (input.user_pool_id, input.managed_login_branding_id) else {
            return Err(no_branding());
        };
        let (pool_id, id) = (PoolId::from(pool_id), id.to_ascii_lowercase());
        let (change, pictures) =
            self.check_change(input.use_cognito_provided_values, input.settings, input.assets.unwrap_or_default())?;
        let (mark, now) = (self.make_mark(), ctx.now);
        let saved = self
            .store
            .write(move |tx| -> Result<WholeBranding> {
                tx.hold_brands(&pool_id)?;
                let pool = tx.pool(&pool_id)?.ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                let (_, old) = tx.brand(BrandKind::Managed, &pool_id, &id)?.ok_or_else(no_branding)?;
                let branding = updated_branding(&pool, &old, change, now)?;
                put_pictures(tx, &pool_id, &pictures)?;
                tx.replace_brand(&pool_id, &id, &mark, &branding)?;
                name_pictures(tx, branding)
            })
            .await?;
        warn_of_contrast(&saved.branding.pool, &Brand::Managed(saved.branding.clone()));
        Ok(saved)
    }

    /// Takes a branding from its client.
    ///
    /// # Errors
    /// [`BrandingFault::NotFound`], [`Reason::PoolNotFound`]
    pub async fn delete_branding(&self, pool_id: &str, id: &str) -> Result<()> {
        let (pool_id, id) = (PoolId::from(pool_id), id.to_ascii_lowercase());
        self.store
            .write(move |tx| -> Result<()> {
                tx.hold_brands(&pool_id)?.then_some(()).ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                tx.brand::<IgnoredAny>(BrandKind::Managed, &pool_id, &id)?.ok_or_else(no_branding)?;
                tx.delete_brand(&pool_id, &id)?;
                Ok(())
            })
            .await
    }

    /// A branding by its id.
    ///
    /// # Errors
    /// [`BrandingFault::NotFound`], [`Reason::PoolNotFound`]
    pub async fn branding(&self, pool_id: &str, id: &str) -> Result<WholeBranding> {
        let (pool_id, id) = (PoolId::from(pool_id), id.to_ascii_lowercase());
        self.store
            .read(move |r| -> Result<WholeBranding> {
                r.pool(&pool_id)?.ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                let (_, branding) = r.brand(BrandKind::Managed, &pool_id, &id)?.ok_or_else(no_branding)?;
                Ok(WholeBranding { branding, pictures: r.assets_of_brand(&id)? })
            })
            .await
    }

    /// A client's branding.
    ///
    /// # Errors
    /// [`BrandingFault::NotFoundForClient`], [`Reason::PoolNotFound`], [`Reason::ClientNotFound`]
    pub async fn branding_of_client(&self, pool_id: &str, client_id: &str) -> Result<WholeBranding> {
        let (pool_id, client_id) = (PoolId::from(pool_id), ClientId::from(client_id));
        self.store
            .read(move |r| -> Result<WholeBranding> {
                r.pool(&pool_id)?.ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                check_client(r, &pool_id, &client_id)?;
                let found = r.brand_for::<ManagedLoginBranding>(BrandKind::Managed, &pool_id, Some(&client_id))?;
                let branding =
                    found.ok_or_else(|| -> Error { BrandingFault::NotFoundForClient { client: client_id }.into() })?;
                Ok(WholeBranding { pictures: r.assets_of_brand(&branding.id)?, branding })
            })
            .await
    }

    /// Customizes the classic pages of one client or of all; with neither style sheet nor logo, takes the
    /// customization away. Answers what there is then.
    ///
    /// # Errors
    /// As SetUICustomization declares.
    pub async fn set_ui_customization(
        &self,
        ctx: &Ctx,
        input: SetUICustomizationRequest,
    ) -> Result<Option<UiCustomization>> {
        let css = input.css.filter(|css| !css.is_empty());
        let image = input.image_file.map(|blob| blob.0).filter(|bytes| !bytes.is_empty());
        check_classic_size(css.as_deref().unwrap_or_default(), image.as_deref().unwrap_or_default())?;
        check_classic_css(css.as_deref().unwrap_or_default())?;
        let picture = match image {
            Some(sent) => {
                let (extension, size) = check_classic_logo(&sent)?;
                let hash = hash_of(&sent, None);
                let asset = StoredAsset { hash, form: extension_of(extension).to_owned(), sent, served: None };
                Some((ClassicLogo { hash: asset.hash.clone(), extension, size }, asset))
            }
            None => None,
        };
        let (logo, pictures) = picture.unzip();
        let pool_id = PoolId::from(input.user_pool_id);
        let client = input.client_id.filter(|id| id != UiCustomization::ALL).map(ClientId::from);
        let (id, mark, now) = (self.make_mark(), self.make_mark(), ctx.now);
        let saved = self
            .store
            .write(move |tx| -> Result<Option<UiCustomization>> {
                tx.hold_brands(&pool_id)?.then_some(()).ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                if let Some(client) = &client {
                    check_client(tx, &pool_id, client)?;
                }
                if tx.domains_of_pool::<IgnoredAny>(&pool_id)?.is_empty() {
                    return Err(BrandingFault::DomainMissing.into());
                }
                let old: Option<UiCustomization> = tx.brand_for(BrandKind::Classic, &pool_id, client.as_ref())?;
                if css.is_none() && logo.is_none() {
                    if let Some(old) = old {
                        tx.delete_brand(&pool_id, &old.id)?;
                    }
                    return Ok(None);
                }
                let pool = pool_id.clone();
                let created_at = old.as_ref().map_or(now, |old| old.created_at);
                let (known, id) = old.map_or((false, id), |old| (true, old.id));
                let customization = UiCustomization { id, pool, client, css, logo, created_at, modified_at: now };
                put_pictures(tx, &pool_id, pictures.as_slice())?;
                if known {
                    tx.replace_brand(&pool_id, &customization.id, &mark, &customization)?;
                } else {
                    let (id, client) = (customization.id.clone(), customization.client.clone());
                    let brand = BrandVersion { id, kind: BrandKind::Classic, client, version: mark };
                    tx.insert_brand(&pool_id, &brand, &customization)?;
                }
                let logo = customization.logo.as_ref().map(|logo| logo.hash.as_str());
                tx.name_assets(&pool_id, &customization.id, logo)?;
                Ok(Some(customization))
            })
            .await?;
        if let Some(saved) = &saved {
            warn_of_contrast(&saved.pool, &Brand::Classic(saved.clone()));
        }
        Ok(saved)
    }

    /// The customization that a client's classic pages wear: its own, else that for all clients.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`Reason::ClientNotFound`]
    pub async fn ui_customization(&self, pool_id: &str, client_id: Option<&str>) -> Result<Option<UiCustomization>> {
        let pool_id = PoolId::from(pool_id);
        let client = client_id.filter(|id| *id != UiCustomization::ALL).map(ClientId::from);
        self.store
            .read(move |r| -> Result<Option<UiCustomization>> {
                r.pool(&pool_id)?.ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                if let Some(client) = &client {
                    check_client(r, &pool_id, client)?;
                    if let Some(own) = r.brand_for(BrandKind::Classic, &pool_id, Some(client))? {
                        return Ok(Some(own));
                    }
                }
                Ok(r.brand_for(BrandKind::Classic, &pool_id, None)?)
            })
            .await
    }

    /// Looks at what a call sends, pictures included, before anything is read or written.
    fn check_change(
        &self,
        use_cognito_provided_values: Option<bool>,
        settings: Option<Document>,
        assets: Vec<AssetType>,
    ) -> Result<(BrandingChange, Vec<StoredAsset>)> {
        let bytes = assets.iter().filter_map(|asset| asset.bytes.as_ref()).map(|blob| blob.0.len()).sum();
        check_branding_size(settings.as_ref(), bytes)?;
        let (mut sent, mut pictures) = (Vec::new(), Vec::new());
        for asset in assets {
            let mut picture = None;
            if let Some(blob) = asset.bytes.filter(|blob| !blob.0.is_empty()) {
                let checked = check_picture(asset.extension, &blob.0)?;
                if !checked.left_out.is_empty() {
                    let left_out = checked.left_out.join(", ");
                    tracing::warn!(category = %asset.category, left_out, "a drawing is served without what no picture needs");
                }
                let hash = hash_of(&blob.0, checked.served.as_deref());
                picture = Some((hash.clone(), checked.size));
                let form = extension_of(asset.extension).to_owned();
                pictures.push(StoredAsset { hash, form, sent: blob.0, served: checked.served });
            }
            sent.push(SentAsset {
                category: asset.category,
                color_mode: asset.color_mode,
                extension: asset.extension,
                resource_id: asset.resource_id,
                picture,
            });
        }
        Ok((BrandingChange { use_cognito_provided_values, settings, assets: sent }, pictures))
    }

    fn make_mark(&self) -> String {
        world::uuid_v4(self.world.entropy()).to_string()
    }
}

/// Tells the operator what is hard to read in a brand that was saved. Pages wear it all the same.
fn warn_of_contrast(pool: &PoolId, brand: &Brand) {
    for note in brand.theme("").notes {
        tracing::warn!(pool = pool.as_str(), "a brand was saved that is hard to read: {note}");
    }
}

/// What a picture is kept and served under: it changes when either what was sent or what is served does.
fn hash_of(sent: &[u8], served: Option<&[u8]>) -> String {
    let mut both = digest::Context::new(&digest::SHA256);
    both.update(digest::digest(&digest::SHA256, sent).as_ref());
    both.update(digest::digest(&digest::SHA256, served.unwrap_or(sent)).as_ref());
    both.finish().as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn check_client(r: &mut store::Reader, pool: &PoolId, id: &ClientId) -> Result<()> {
    let client = r.client(id)?.filter(|client| client.pool == *pool);
    client.map(drop).ok_or_else(|| Reason::client_not_found(id).into())
}

fn put_pictures(tx: &mut Tx, pool: &PoolId, pictures: &[StoredAsset]) -> Result<()> {
    pictures.iter().try_for_each(|picture| Ok(tx.put_asset(pool, picture)?))
}

fn name_pictures(tx: &mut Tx, branding: ManagedLoginBranding) -> Result<WholeBranding> {
    tx.name_assets(&branding.pool, &branding.id, branding.assets.iter().map(|asset| asset.hash.as_str()))?;
    Ok(WholeBranding { pictures: tx.assets_of_brand(&branding.id)?, branding })
}

fn no_branding() -> Error {
    BrandingFault::NotFound.into()
}
