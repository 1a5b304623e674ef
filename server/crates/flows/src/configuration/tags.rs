//! Tags of user pools.

use std::collections::BTreeMap;

use domain::{PoolId, Result, check_tags};

use crate::{Ctx, Latchkey};

impl Latchkey {
    /// Adds tags to a pool, in the place of those with the same keys (TagResource).
    ///
    /// # Errors
    /// [`domain::TagFault`], [`domain::Reason::PoolNotFound`]
    pub async fn tag_pool(&self, ctx: &Ctx, id: &PoolId, added: BTreeMap<String, String>) -> Result<()> {
        self.change_pool(ctx, id, move |pool| {
            let tags = pool.settings.user_pool_tags.get_or_insert_default();
            tags.extend(added);
            Ok(check_tags(tags)?)
        })
        .await
    }

    /// Takes tags from a pool by their keys (UntagResource).
    ///
    /// # Errors
    /// [`domain::Reason::PoolNotFound`]
    pub async fn untag_pool(&self, ctx: &Ctx, id: &PoolId, keys: Vec<String>) -> Result<()> {
        self.change_pool(ctx, id, move |pool| {
            let mut tags = pool.settings.user_pool_tags.take().unwrap_or_default();
            tags.retain(|key, _| !keys.contains(key));
            pool.settings.user_pool_tags = Some(tags).filter(|tags| !tags.is_empty());
            Ok(())
        })
        .await
    }
}
