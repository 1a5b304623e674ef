//! Tags of user pools: the same as `UserPoolTags`, by the pool's ARN.

use crate::error::{Error, Result};
use crate::request::Request;
use domain::{Pool, PoolId, Reason, check_tags};
use protocol::idp::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest, TagResourceResponse,
    UntagResourceRequest, UntagResourceResponse,
};

crate::table::operations! {
    idp::TagResource => tag_resource,
    idp::UntagResource => untag_resource,
    idp::ListTagsForResource => list_tags_for_resource,
}

async fn tag_resource(request: &Request, input: TagResourceRequest) -> Result<TagResourceResponse> {
    let id = pool_of(request, &input.resource_arn)?;
    request
        .change_pool(&request.ctx, &id, move |pool| {
            let tags = pool.settings.user_pool_tags.get_or_insert_default();
            tags.extend(input.tags);
            Ok(check_tags(tags).map_err(Reason::Tags)?)
        })
        .await?;
    Ok(TagResourceResponse {})
}

async fn untag_resource(request: &Request, input: UntagResourceRequest) -> Result<UntagResourceResponse> {
    let id = pool_of(request, &input.resource_arn)?;
    request
        .change_pool(&request.ctx, &id, move |pool: &mut Pool| {
            let mut tags = pool.settings.user_pool_tags.take().unwrap_or_default();
            tags.retain(|key, _| !input.tag_keys.contains(key));
            pool.settings.user_pool_tags = Some(tags).filter(|tags| !tags.is_empty());
            Ok(())
        })
        .await?;
    Ok(UntagResourceResponse {})
}

async fn list_tags_for_resource(
    request: &Request,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse> {
    let id = pool_of(request, &input.resource_arn)?;
    let pool = request.pool(id.as_str()).await?;
    Ok(ListTagsForResourceResponse { tags: Some(pool.settings.user_pool_tags.unwrap_or_default()) })
}

/// The pool that an ARN names. Only ours can be meant: another account's or Region's does not exist here.
fn pool_of(request: &Request, arn: &str) -> Result<PoolId> {
    let (_, id) = arn
        .split_once(":userpool/")
        .ok_or_else(|| Error::invalid_parameter(format!("{arn} is not the ARN of a user pool.")))?;
    let id = PoolId::from(id);
    if id.arn(&request.settings.account) == arn { Ok(id) } else { Err(Reason::pool_not_found(id).into()) }
}
